//! Numbers that nobody can guess, from the operating system.

use crate::error::{Error, Result};

/// Random bits.
///
/// # Errors
/// When the system has none to give.
pub fn bits() -> Result<u128> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::failed("the system gives no random numbers").with_source(error))?;
    Ok(u128::from_le_bytes(bytes))
}

/// A UUID of version 4.
///
/// # Errors
/// As [`bits`].
pub fn uuid() -> Result<String> {
    let bits = bits()?;
    let digits = format!("{:032x}", bits & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62));
    let (a, b, c, d, e) =
        (&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]);
    Ok(format!("{a}-{b}-{c}-{d}-{e}"))
}
