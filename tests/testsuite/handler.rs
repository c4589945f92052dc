//! A handler that runs as it does for `invoke`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cargo_amplify::cognito::{Answer, PoolSettings};
use cargo_amplify::lambda::{Deployment, Environment, Log};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// What a handler made of an event.
#[derive(Debug, PartialEq)]
pub enum Reply {
    /// It posted a response.
    Response(Value),
    /// It posted an error, which Cognito shows to the user.
    Error(Value),
}

/// A running handler. It is stopped when this is dropped.
pub struct Handler {
    environment: RefCell<Environment>,
    runtime: Runtime,
}

impl Handler {
    /// Starts the handler at `binary`.
    pub fn start(binary: &Path) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let deployment = Deployment {
            name: "function".to_owned(),
            binary: binary.to_owned(),
            timeout: Duration::from_secs(20),
            memory: 128,
            environment: BTreeMap::new(),
            pool: Some(PoolSettings::default()),
        };
        let log: Log = Arc::new(|_| {});
        let environment = runtime.block_on(Environment::start(&deployment, &log));
        Self { environment: RefCell::new(environment.expect("the handler starts")), runtime }
    }

    /// Sends an event and waits for the reply.
    pub fn invoke(&self, event: &str) -> Reply {
        let mut environment = self.environment.borrow_mut();
        let run = environment.invoke(event.to_owned().into(), None);
        let run = self.runtime.block_on(run).expect("an id");
        assert!(run.is_healthy, "the handler went away: {:?}", run.answer);
        match run.answer {
            Answer::Returned(reply) => Reply::Response(serde_json::from_str(&reply).expect("JSON")),
            Answer::Failed { error_type, message } => {
                Reply::Error(json!({ "errorType": error_type, "errorMessage": message }))
            }
            Answer::TooLate => panic!("the handler does not answer"),
        }
    }
}
