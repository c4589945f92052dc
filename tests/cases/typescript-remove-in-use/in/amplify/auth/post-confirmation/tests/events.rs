//! Every sample event in `events/` goes through the handler, as Cognito sends it.

use std::error::Error;
use std::fs;
use std::path::Path;

use post_confirmation::respond;

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

        let sent: Value = serde_json::from_str(&event)?;
        let returned = serde_json::to_value(reply)?;
        assert_eq!(returned, sent, "{}: nothing may change", path.display());
        answered += 1;
    }
    assert!(answered > 0, "there is no sample event in events/");
    Ok(())
}
