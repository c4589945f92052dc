//! Every sample event in `events/` goes through the handler, as Cognito sends it.

use std::error::Error;
use std::fs;
use std::path::Path;

use other_sign_up::respond;

use serde_json::Value;

#[tokio::test]
async fn every_sample_event_is_answered() -> Result<(), Box<dyn Error>> {
    let mut answered = 0;
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("events"))? {
        let path = file?.path();
        let event = fs::read_to_string(&path)?;
        let reply = respond(&event)
            .await
            .map_err(|error| format!("{}: {error:?}", path.display()))?;

        let mut sent: Value = serde_json::from_str(&event)?;
        let mut returned = serde_json::to_value(reply)?;
        assert!(
            returned["response"].is_object(),
            "{}: the reply has no response",
            path.display()
        );
        sent["response"] = Value::Null;
        returned["response"] = Value::Null;
        assert_eq!(
            returned,
            sent,
            "{}: only `response` may change",
            path.display()
        );
        answered += 1;
    }
    assert!(answered > 0, "there is no sample event in events/");
    Ok(())
}
