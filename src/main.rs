//! The `homefirst` command.

fn main() -> std::process::ExitCode {
    homefirst::cli::main()
}
