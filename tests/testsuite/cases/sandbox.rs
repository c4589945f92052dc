//! A repository to run commands in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_amplify::commands;
use cargo_amplify::project::StateDir;
use cargo_amplify::{Buffer, Stream, Streams};

use super::Case;
use crate::support::{Tree, program, read_tree, state_directory, write_tree};

/// A copy of a case's repository, in a directory that no Cargo or git project is above of.
pub struct Sandbox(tempfile::TempDir);

/// What became of a command.
pub struct Run {
    pub code: i32,
    pub out: Vec<u8>,
    pub err: Vec<u8>,
}

impl Run {
    /// The command line, all that it printed, and the exit code of a failure.
    pub fn shown(&self, arguments: &[String]) -> String {
        let mut shown = format!("$ cargo amplify {}\n", arguments.join(" "));
        for (name, bytes) in [("stdout", &self.out), ("stderr", &self.err)] {
            if !bytes.is_empty() {
                shown += &format!("--- {name}\n{}", String::from_utf8_lossy(bytes));
            }
        }
        if self.code != 0 {
            shown += &format!("exit code {}\n", self.code);
        }
        shown
    }
}

impl Sandbox {
    pub fn new(case: &Case, tree: &Tree) -> Self {
        let sandbox = Self(tempfile::tempdir().expect("a directory"));
        write_tree(&sandbox.root(), tree);
        for repository in &case.git {
            let directory = sandbox.root().join(repository).join(".git");
            fs::create_dir_all(directory).expect("created");
        }
        fs::create_dir_all(sandbox.root().join(&case.directory)).expect("created");
        sandbox
    }

    pub fn root(&self) -> PathBuf {
        self.0.path().join("repo")
    }

    /// What outputs have as `[SANDBOX]`.
    pub fn directory(&self) -> String {
        self.0.path().canonicalize().expect("there").to_string_lossy().into_owned()
    }

    pub fn tree(&self) -> Tree {
        read_tree(&self.root())
    }

    /// Runs the program.
    pub fn run(&self, case: &Case, arguments: &[String]) -> Run {
        let directory = self.root().join(&case.directory);
        let mut run = match case.process {
            true => in_a_process(&directory, arguments),
            false => call(&directory, arguments),
        };
        let real = self.directory();
        for bytes in [&mut run.out, &mut run.err] {
            let text = String::from_utf8_lossy(bytes);
            *bytes = text.replace(&real, "[SANDBOX]").into();
        }
        run
    }

    /// Runs the program, which must succeed.
    pub fn succeed(&self, case: &Case, arguments: &[String]) -> Result<Run, String> {
        let run = self.run(case, arguments);
        if run.code == 0 { Ok(run) } else { Err(run.shown(arguments)) }
    }
}

fn in_a_process(directory: &Path, arguments: &[String]) -> Run {
    let mut command: Command = program();
    let output = command.current_dir(directory).args(arguments).output();
    let output = output.expect("it runs");
    Run {
        code: output.status.code().expect("an exit code"),
        out: output.stdout,
        err: output.stderr,
    }
}

/// Runs the program as a function: what a process would add is tested by the cases that have one.
pub fn call(directory: &Path, arguments: &[impl AsRef<str>]) -> Run {
    call_with(directory, arguments, StateDir::At(state_directory()))
}

/// Runs it with a state directory of its own.
pub fn call_with(directory: &Path, arguments: &[impl AsRef<str>], state: StateDir) -> Run {
    let (out, err) = (Buffer::default(), Buffer::default());
    let streams = Streams {
        out: Stream::plain(Box::new(out.clone())),
        err: Stream::plain(Box::new(err.clone())),
    };
    let arguments = arguments.iter().map(|argument| argument.as_ref().into());
    let arguments = ["cargo-amplify".into()].into_iter().chain(arguments);
    let code = commands::main(arguments.collect(), directory, state, streams);
    Run { code: code.into(), out: out.take(), err: err.take() }
}
