//! The `homefirst` command.

#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    homefirst::cli::main()
}
