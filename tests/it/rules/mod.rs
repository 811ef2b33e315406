//! One path worked out by hand for every rule of the simulated world, a file a subject. The comment above a test is
//! the reckoning, made before the engine was asked. Times are minutes from Monday 1 June 2020, 00:00.

mod admin;
mod beds;
mod caseload;
mod causes;
mod elsewhere;
mod gate;
mod keyed;
mod neighbours;
mod opening;
mod over_time;
mod packages;
mod patience;
mod pooled;
mod pools;
mod priority;
mod response;
mod shift_end;
mod staff;
mod standards;
mod start;
mod time;
mod visits;
mod window;
