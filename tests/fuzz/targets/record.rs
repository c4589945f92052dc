//! Any record: read, or an error in words.
#![no_main]

use cargo_amplify::project::{FunctionRecord, Shared};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(record) = toml::from_str::<FunctionRecord>(text) {
        let again = toml::to_string(&record).expect("it was read");
        assert!(toml::from_str::<FunctionRecord>(&again).is_ok());
    }
    if let Ok(record) = toml::from_str::<Shared>(text) {
        let again = toml::to_string(&record).expect("it was read");
        assert!(toml::from_str::<Shared>(&again).is_ok());
    }
});
