//! Random numbers from the operating system, which cannot be guessed.

use crate::error::{Error, Result};

/// Random bits.
pub fn bits() -> Result<u128> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        Error::failed("cannot get random numbers from the system").with_source(error)
    })?;
    Ok(u128::from_le_bytes(bytes))
}

/// A UUID of version 4.
pub fn uuid() -> Result<String> {
    let bits = bits()?;
    let bits = bits & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let mut digits = format!("{bits:032x}");
    [20, 16, 12, 8].iter().for_each(|at| digits.insert(*at, '-'));
    Ok(digits)
}
