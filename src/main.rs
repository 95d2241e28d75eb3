//! The program. All of it is in the library; see `front`.

fn main() -> std::process::ExitCode {
    stepgrad::front::main()
}
