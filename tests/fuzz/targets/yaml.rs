//! Build steps in any `amplify.yml`: they go in once, and out again.
#![no_main]

use cargo_amplify::edit::{add_build_steps, remove_build_steps};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let steps = ["command -v cc".to_owned(), "pip3 install cargo-lambda".to_owned()];
    let Ok((edited, _)) = add_build_steps(text, "", &steps) else {
        return;
    };
    let (again, added) = add_build_steps(&edited, "", &steps).expect("it was edited before");
    assert_eq!(again, edited);
    let _ = remove_build_steps(&edited, &added);
});
