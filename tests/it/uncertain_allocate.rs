//! Placements where the inputs are not as stated.
