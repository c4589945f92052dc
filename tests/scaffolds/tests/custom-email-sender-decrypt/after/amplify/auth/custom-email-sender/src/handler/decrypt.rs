//! Decrypts what Cognito has encrypted with the AWS Encryption SDK.

use std::env;

use aws_config::BehaviorVersion;
use aws_esdk::client::Client;
use aws_esdk::material_providers::client::Client as MaterialProviders;
use aws_esdk::material_providers::types;
use aws_esdk::material_providers::types::keyring::KeyringRef;
use aws_esdk::material_providers::types::material_providers_config::MaterialProvidersConfig;
use aws_esdk::types::aws_encryption_sdk_config::AwsEncryptionSdkConfig;
use base64::prelude::*;
use tokio::sync::OnceCell;

use crate::error::Error;

/// The KMS key of the user pool, named by `KMS_KEY_ARN`. Created for the first event and reused for
/// the following ones. `None` if the variable is not set, so that tests do not need AWS.
pub async fn keyring() -> Result<Option<&'static KeyringRef>, Error> {
    static KEYRING: OnceCell<KeyringRef> = OnceCell::const_new();
    let key = env::var("KMS_KEY_ARN").unwrap_or_default();
    if key.is_empty() {
        return Ok(None);
    }
    let keyring = KEYRING.get_or_try_init(|| kms_keyring(&key)).await?;
    Ok(Some(keyring))
}

async fn kms_keyring(key: &str) -> Result<KeyringRef, Error> {
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let kms = aws_sdk_kms::Client::new(&config);
    let providers = material_providers()?;
    Ok(if key == "*" {
        // Any key that the function may use: the code names its own.
        let keyring = providers.create_aws_kms_discovery_keyring();
        keyring.kms_client(kms).send().await?
    } else {
        let keyring = providers.create_aws_kms_keyring().kms_key_id(key);
        keyring.kms_client(kms).send().await?
    })
}

fn material_providers() -> Result<MaterialProviders, Error> {
    let config = MaterialProvidersConfig::builder().build()?;
    Ok(MaterialProviders::from_conf(config)?)
}

/// Decrypts a code or temporary password, which is in base64.
pub async fn decrypt(encrypted: &str, keyring: &KeyringRef) -> Result<String, Error> {
    // The default policy rejects messages without key commitment, which Cognito may send.
    let config = AwsEncryptionSdkConfig::builder()
        .commitment_policy(types::EsdkCommitmentPolicy::RequireEncryptAllowDecrypt)
        .build()?;
    let decrypted = Client::from_conf(config)?
        .decrypt()
        .ciphertext(BASE64_STANDARD.decode(encrypted)?)
        .keyring(keyring.clone())
        .send()
        .await?;
    let plaintext = decrypted.plaintext.unwrap_or_default().into_inner();
    Ok(unescape(&String::from_utf8(plaintext)?))
}

/// Cognito escapes temporary passwords as HTML before it encrypts them.
fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_esdk::material_providers::types::{AesWrappingAlg, EsdkAlgorithmSuiteId};

    /// A local key instead of the one in KMS.
    async fn test_keyring() -> Result<KeyringRef, Error> {
        Ok(material_providers()?
            .create_raw_aes_keyring()
            .key_namespace("tests")
            .key_name("key")
            .wrapping_key([7; 32].as_slice())
            .wrapping_alg(AesWrappingAlg::AlgAes256GcmIv12Tag16)
            .send()
            .await?)
    }

    /// Encrypts without key commitment, as Cognito may do.
    async fn encrypt(text: &str, keyring: &KeyringRef) -> Result<String, Error> {
        let config = AwsEncryptionSdkConfig::builder()
            .commitment_policy(types::EsdkCommitmentPolicy::ForbidEncryptAllowDecrypt)
            .build()?;
        let encrypted = Client::from_conf(config)?
            .encrypt()
            .plaintext(text.as_bytes())
            .keyring(keyring.clone())
            .algorithm_suite_id(EsdkAlgorithmSuiteId::AlgAes256GcmIv12Tag16HkdfSha256)
            .send()
            .await?;
        let bytes = encrypted.ciphertext.unwrap_or_default().into_inner();
        Ok(BASE64_STANDARD.encode(bytes))
    }

    #[tokio::test]
    async fn codes_and_passwords_are_decrypted() -> Result<(), Error> {
        let keyring = test_keyring().await?;
        for (encrypted, text) in [
            ("012345", "012345"),
            ("a&lt;b&gt;&amp;lt;", "a<b>&lt;"),
            ("&quot;größe&#39;", "\"größe'"),
        ] {
            let code = encrypt(encrypted, &keyring).await?;
            assert_eq!(decrypt(&code, &keyring).await?, text);
        }
        Ok(())
    }

    #[tokio::test]
    async fn invalid_codes_are_errors() -> Result<(), Error> {
        let keyring = test_keyring().await?;
        let mut code = encrypt("012345", &keyring).await?;
        code.replace_range(code.len() - 8..code.len() - 4, "AAAA");
        for wrong in ["", "not base64!", "AYAD", &code] {
            let outcome = decrypt(wrong, &keyring).await;
            assert!(outcome.is_err());
        }
        Ok(())
    }
}
