//! Random configurations.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::BoxedStrategy;
use serde_json::{Map, Value, json};

/// A user pool, and its functions by name, as TOML has them.
pub type Configuration = (Value, Vec<(&'static str, Value)>);

type Any = BoxedStrategy<Value>;

/// A table, in which each of the keys may be.
fn table(keys: Vec<(&'static str, Any)>) -> Any {
    table_with(vec![], keys)
}

/// A table with the first keys, and perhaps some of the others.
fn table_with(needed: Vec<(&'static str, Any)>, others: Vec<(&'static str, Any)>) -> Any {
    let needed = needed.into_iter().map(|(key, value)| (key, value.prop_map(Some).boxed()));
    let others =
        others.into_iter().map(|(key, value)| (key, prop::option::weighted(0.4, value).boxed()));
    let (names, values): (Vec<_>, Vec<_>) = needed.chain(others).unzip();
    let object = move |values: Vec<Option<Value>>| {
        let members = names.iter().zip(values);
        let members = members.filter_map(|(name, value)| Some(((*name).to_owned(), value?)));
        Value::Object(members.collect())
    };
    values.prop_map(object).boxed()
}

fn one_of(values: &'static [&'static str]) -> Any {
    select(values).prop_map(Value::from).boxed()
}

fn some_of(values: &'static [&'static str]) -> Any {
    subsequence(values, 1..=values.len()).prop_map(Value::from).boxed()
}

fn yes() -> Any {
    Just(Value::Bool(true)).boxed()
}

fn either(one: Any, other: Any) -> Any {
    prop_oneof![one, other].boxed()
}

/// A text with characters that both languages escape.
fn text() -> Any {
    one_of(&["Hello", "it's \"5 < 6\" & more", "Grüße, 你好", "a\\b", "NO", "2024-01-01"])
}

/// A text with placeholders.
fn message(placeholders: &'static str) -> Any {
    text()
        .prop_map(move |text| format!("{} {placeholders}", text.as_str().unwrap_or("")).into())
        .boxed()
}

fn secret(name: &'static str) -> Any {
    Just(json!({ "secret": name })).boxed()
}

fn mapping() -> Any {
    table(vec![
        ("email", text()),
        ("fullname", text()),
        ("birthdate", text()),
        ("custom", table(vec![("custom:role", text()), ("website", text())])),
    ])
}

fn social(secrets: &[(&'static str, &'static str)], others: Vec<(&'static str, Any)>) -> Any {
    let secrets = secrets.iter().map(|(key, name)| (*key, secret(name))).collect();
    let mut keys =
        vec![("scopes", some_of(&["email", "profile"])), ("attributeMapping", mapping())];
    keys.extend(others);
    table_with(secrets, keys)
}

fn providers() -> Any {
    let plain = [("clientId", "CLIENT_ID"), ("clientSecret", "CLIENT_SECRET")];
    let apple =
        [("clientId", "APPLE_ID"), ("teamId", "TEAM"), ("keyId", "KEY"), ("privateKey", "PRIVATE")];
    let endpoints = ["authorization", "jwksUri", "token", "userInfo"];
    let endpoints = endpoints.map(|key| (key, one_of(&["https://example.com/x"])));
    let oidc = table_with(
        vec![
            ("name", one_of(&["Partner", "a.b", "Other"])),
            ("clientId", secret("OIDC_ID")),
            ("clientSecret", secret("OIDC_SECRET")),
            ("issuerUrl", one_of(&["https://example.com"])),
        ],
        vec![
            ("endpoints", table_with(endpoints.into(), vec![])),
            ("identifiers", some_of(&["one", "two"])),
            ("attributeRequestMethod", one_of(&["GET", "POST"])),
            ("scopes", some_of(&["openid", "email"])),
            ("attributeMapping", mapping()),
        ],
    );
    let metadata = table_with(
        vec![
            ("metadataContent", one_of(&["https://example.com/metadata.xml"])),
            ("metadataType", one_of(&["URL", "FILE"])),
        ],
        vec![],
    );
    let saml = table_with(
        vec![("name", one_of(&["Saml", "Company"])), ("metadata", metadata)],
        vec![
            ("idpSignout", yes()),
            ("identifiers", some_of(&["x"])),
            ("attributeMapping", mapping()),
        ],
    );
    table_with(
        vec![
            (
                "callbackUrls",
                some_of(&["https://example.com/in", "http://localhost:3000/", "app://in"]),
            ),
            ("logoutUrls", some_of(&["https://example.com/out", "app://out"])),
        ],
        vec![
            ("google", social(&plain, vec![])),
            ("facebook", social(&plain, vec![("apiVersion", one_of(&["v17.0"]))])),
            ("loginWithAmazon", social(&plain, vec![])),
            ("signInWithApple", social(&apple, vec![])),
            ("oidc", prop::collection::vec(oidc, 1..3).prop_map(Value::from).boxed()),
            ("saml", saml),
            ("scopes", some_of(&["PHONE", "EMAIL", "OPENID", "PROFILE", "COGNITO_ADMIN"])),
        ],
    )
}

fn login() -> Any {
    let invitation = table(vec![
        ("emailSubject", text()),
        ("emailBody", message("{username} {####}")),
        ("smsMessage", message("{username} {####}")),
    ]);
    let others = |body| {
        vec![
            ("verificationEmailBody", message(body)),
            ("verificationEmailSubject", text()),
            ("userInvitation", invitation.clone()),
            ("otpLogin", yes()),
        ]
    };
    let code = table_with(vec![("verificationEmailStyle", one_of(&["CODE"]))], others("{####}"));
    let link = table_with(vec![("verificationEmailStyle", one_of(&["LINK"]))], others("{##Go##}"));
    let phone = table(vec![("verificationMessage", message("{####}")), ("otpLogin", yes())]);
    let passkeys = table(vec![
        ("relyingPartyId", one_of(&["example.com", "localhost", "AUTO"])),
        ("userVerification", one_of(&["required", "preferred"])),
    ]);
    table(vec![
        ("email", prop_oneof![yes(), code, link].boxed()),
        ("phone", either(yes(), phone)),
        ("webAuthn", either(yes(), passkeys)),
        ("externalProviders", providers()),
    ])
}

fn attributes() -> Any {
    let standard = || table(vec![("mutable", yes()), ("required", yes())]);
    let custom = |kind: &'static str, limits: Vec<(&'static str, Any)>| {
        let limits = limits.into_iter().chain([("mutable", yes())]).collect();
        table_with(vec![("dataType", one_of(Box::leak(Box::new([kind]))))], limits)
    };
    let number = |from: i64| (from..from + 50).prop_map(Value::from).boxed();
    table(vec![
        ("email", standard()),
        ("phoneNumber", standard()),
        ("fullname", standard()),
        ("lastUpdateTime", standard()),
        ("custom:role", custom("String", vec![("minLen", number(0)), ("maxLen", number(50))])),
        ("custom:size", custom("Number", vec![("min", number(-9)), ("max", number(50))])),
        ("custom:on", custom("Boolean", vec![])),
        ("custom:at", custom("DateTime", vec![])),
    ])
}

fn function() -> Any {
    let zoned = table_with(
        vec![("rate", one_of(&["every 2h", "every day"])), ("timezone", one_of(&["Europe/Paris"]))],
        vec![("description", text())],
    );
    let schedule = either(one_of(&["every 5m", "every month", "0 9 ? * 2 *"]), zoned);
    let schedules = prop::collection::vec(schedule.clone(), 1..3).prop_map(Value::from).boxed();
    let logging = table_with(
        vec![("format", one_of(&["json"]))],
        vec![("level", one_of(&["debug", "warn"])), ("retention", one_of(&["1 week", "infinite"]))],
    );
    let layer = one_of(&["arn:aws:lambda:us-east-1:123456789012:layer:name:1", "other:2"]);
    table(vec![
        ("resourceGroupName", one_of(&["auth"])),
        ("timeoutSeconds", (1..60).prop_map(Value::from).boxed()),
        ("memoryMB", (128..2048).prop_map(Value::from).boxed()),
        ("ephemeralStorageSizeMB", (512..1024).prop_map(Value::from).boxed()),
        ("architecture", one_of(&["arm64", "x86_64"])),
        ("environment", table(vec![("GREETING", text()), ("API_KEY", secret("API_KEY"))])),
        ("layers", table(vec![("one", layer.clone()), ("two", layer)])),
        ("logging", logging),
        ("schedule", either(schedule, schedules)),
    ])
}

const TRIGGERS: [&str; 9] = [
    "createAuthChallenge",
    "customMessage",
    "defineAuthChallenge",
    "postAuthentication",
    "postConfirmation",
    "preAuthentication",
    "preSignUp",
    "userMigration",
    "verifyAuthChallengeResponse",
];

/// Configurations, of which some are refused.
pub fn configuration() -> impl Strategy<Value = Configuration> {
    let functions = prop::collection::vec(function(), 3).prop_flat_map(|functions| {
        let named = ["admin-group", "on_event", "Audit"].into_iter().zip(functions);
        subsequence(named.collect::<Vec<_>>(), 0..=3)
    });
    functions.prop_flat_map(|functions| {
        let names: Vec<_> = functions.iter().map(|(name, _)| *name).collect();
        (auth(names), Just(functions)).prop_map(with_pool_id)
    })
}

fn auth(names: Vec<&'static str>) -> Any {
    let multifactor = table_with(
        vec![("mode", one_of(&["OFF", "OPTIONAL", "REQUIRED"]))],
        vec![
            ("totp", yes()),
            ("sms", either(yes(), table_with(vec![("smsMessage", message("{####}"))], vec![]))),
            ("email", yes()),
        ],
    );
    let ses = table_with(
        vec![("fromEmail", one_of(&["no-reply@example.com"]))],
        vec![("fromName", text()), ("replyTo", one_of(&["help@example.com"]))],
    );
    let role = one_of(&["arn:aws:iam::123456789012:role/sms"]);
    let sns = table_with(
        vec![("snsCallerArn", role), ("externalId", one_of(&["ext-id"]))],
        vec![("snsRegion", one_of(&["eu-west-1"]))],
    );
    let (mut email, mut sms) = (ses, sns);
    let mut called = Vec::new();
    if !names.is_empty() {
        let handler = || select(names.clone()).prop_map(Value::from).boxed();
        let key = one_of(&["arn:aws:kms:us-east-1:123456789012:key/1"]);
        let sender = || table_with(vec![("handler", handler())], vec![("kmsKeyArn", key.clone())]);
        (email, sms) = (either(email, sender()), either(sms, sender()));
        let versioned = table_with(
            vec![("handler", handler()), ("eventVersion", one_of(&["V1_0", "V2_0", "V3_0"]))],
            vec![],
        );
        let mut triggers: Vec<_> = TRIGGERS.iter().map(|name| (*name, handler())).collect();
        triggers.push(("preTokenGeneration", either(handler(), versioned)));
        let to = some_of(&["manageUsers", "addUserToGroup", "getUser", "createGroup", "listUsers"]);
        let access = table_with(vec![("resource", handler()), ("to", to)], vec![]);
        let access = prop::collection::vec(access, 1..3).prop_map(Value::from).boxed();
        called = vec![("triggers", table(triggers)), ("access", access)];
    }
    let recovery = one_of(&[
        "EMAIL_AND_PHONE_WITHOUT_MFA",
        "PHONE_WITHOUT_MFA_AND_EMAIL",
        "EMAIL_ONLY",
        "PHONE_ONLY_WITHOUT_MFA",
        "PHONE_AND_EMAIL",
        "NONE",
    ]);
    let challenge = one_of(&["EMAIL_OTP", "SMS_OTP", "PASSWORD", "WEB_AUTHN"]);
    let mut others = vec![
        ("name", one_of(&["shop"])),
        ("userAttributes", attributes()),
        ("multifactor", multifactor),
        ("accountRecovery", recovery),
        ("groups", some_of(&["admins", "EVERYONE", "a.b"])),
        ("senders", table(vec![("email", email), ("sms", sms)])),
        ("passwordlessOptions", table_with(vec![("preferredChallenge", challenge)], vec![])),
    ];
    others.extend(called);
    table_with(vec![("loginWith", login())], others)
}

/// Amplify tells functions with access the ID of the pool; here, those that the pool does not call
/// ask for it.
fn with_pool_id((auth, mut functions): Configuration) -> Configuration {
    let handlers = auth["triggers"].as_object().into_iter().flatten().map(|(_, target)| target);
    let senders = auth["senders"].as_object().into_iter().flatten().map(|(_, sender)| sender);
    let called: Vec<_> = handlers
        .chain(senders)
        .filter_map(|target| target.as_str().or(target["handler"].as_str()))
        .collect();
    let prefix = if auth["name"].is_null() { "AMPLIFY_AUTH" } else { "SHOP" };
    for access in auth["access"].as_array().into_iter().flatten() {
        let named = |(name, _): &&mut (&str, Value)| access["resource"] == **name;
        if let Some((name, function)) = functions.iter_mut().find(named)
            && !called.contains(name)
        {
            let table = function.as_object_mut().expect("a table");
            let variables = table.entry("environment").or_insert_with(|| Map::new().into());
            variables[format!("{prefix}_USERPOOL_ID")] = "${UserPool}".into();
        }
    }
    (auth, functions)
}
