//! Looks at what was removed.

use lambda_runtime::{Error, LambdaEvent};
use serde_json::{Value, json};

/// Returns the keys of the objects.
pub async fn handler(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let records = event.payload["Records"].as_array();
    let keys = records.into_iter().flatten();
    let keys = keys.map(|record| record["s3"]["object"]["key"].clone());
    Ok(json!(keys.collect::<Vec<_>>()))
}
