//! Any event and any reply: a verdict, and tokens that can be shown.
#![no_main]

use cargo_amplify::cognito::{Answer, EmailAccount, base_tokens, judge, merge};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|text: &str| {
    // An event and a reply, with a line of their own between them.
    let (event, reply) = text.split_once("\n---\n").unwrap_or((text, text));
    let Ok(event) = serde_json::from_str::<Value>(event) else {
        return;
    };
    let _ = judge(&event, &Answer::Returned(reply.to_owned()), EmailAccount::default());
    if let Ok(reply) = serde_json::from_str::<Value>(reply) {
        let _ = merge(&base_tokens(&event), &event, &reply["response"]);
    }
});
