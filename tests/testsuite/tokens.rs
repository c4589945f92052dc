//! The effect of any response on tokens.

use std::collections::BTreeSet;

use cargo_amplify::cognito::{Tokens, base_tokens, claim_protection, merge};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

tests![
    what_is_cognitos_own_never_changes,
    what_is_left_out_is_not_there,
    groups_stay_when_the_handler_says_nothing_of_them,
    groups_are_replaced_as_a_whole,
    scopes_are_a_set,
    nothing_said_is_nothing_changed,
    version_one_reaches_the_id_token_alone,
    null_groups_are_no_groups,
    to_leave_groups_out_is_to_leave_roles_out,
    a_machine_gets_claims_and_scopes,
    attributes_have_their_types_in_the_id_token,
    scopes_limit_what_the_id_token_shows,
    an_access_token_has_scopes_and_no_attributes,
    a_machine_has_an_access_token_alone,
    protected_claims_are_told_from_free_ones,
];

fn event(version: &str, groups: &Value) -> Value {
    json!({
        "version": version,
        "triggerSource": "TokenGeneration_Authentication",
        "region": "us-east-1",
        "userPoolId": "us-east-1_EXAMPLE",
        "userName": "jane",
        "callerContext": { "clientId": "client" },
        "request": {
            "userAttributes": { "sub": "abc", "email": "jane@example.com", "dev:plan": "x" },
            "groupConfiguration": groups,
            "scopes": ["aws.cognito.signin.user.admin", "openid"],
        },
    })
}

fn groups() -> Value {
    json!({
        "groupsToOverride": ["admins"],
        "iamRolesToOverride": ["arn:aws:iam::123456789012:role/admins"],
        "preferredRole": "arn:aws:iam::123456789012:role/admins",
    })
}

/// Names that matter, and any others.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "sub",
            "exp",
            "aud",
            "scope",
            "cognito:groups",
            "cognito:roles",
            "cognito:username",
            "dev:plan",
            "email",
            "tenant",
            "custom:level",
            "client_id",
        ])
        .prop_map(str::to_owned),
        "[a-z:]{1,8}",
    ]
}

fn change() -> impl Strategy<Value = Value> {
    let claims = prop::collection::btree_map(name(), "[a-z]{0,4}", 0..6);
    let suppressed = prop::collection::vec(name(), 0..4);
    let scope = prop::sample::select(vec![
        "openid",
        "aws.cognito.signin.user.admin",
        "api/read",
        "api/write",
    ]);
    let scopes = prop::collection::vec(scope, 0..4);
    (claims, suppressed, scopes.clone(), scopes).prop_map(|(claims, suppressed, add, remove)| {
        json!({
            "claimsToAddOrOverride": claims,
            "claimsToSuppress": suppressed,
            "scopesToAdd": add,
            "scopesToSuppress": remove,
        })
    })
}

fn version() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["1", "2", "3"])
}

/// The response, with the change for either token, in the container of the version.
fn response(version: &str, id: &Value, access: &Value, groups: Option<&Value>) -> Value {
    let mut details = match version {
        "1" => id.clone(),
        _ => json!({ "idTokenGeneration": id, "accessTokenGeneration": access }),
    };
    if let Some(groups) = groups {
        details["groupOverrideDetails"] = groups.clone();
    }
    match version {
        "1" => json!({ "claimsOverrideDetails": details }),
        _ => json!({ "claimsAndScopeOverrideDetails": details }),
    }
}

fn both(tokens: &Tokens) -> [&Map<String, Value>; 2] {
    [tokens.id.as_ref().expect("an ID token"), &tokens.access]
}

fn scopes(claims: &Map<String, Value>) -> BTreeSet<&str> {
    let scope = claims.get("scope").and_then(Value::as_str).unwrap_or_default();
    scope.split(' ').filter(|scope| !scope.is_empty()).collect()
}

proptest! {
    fn what_is_cognitos_own_never_changes(version in version(), id in change(), access in change()) {
        let event = event(version, &Value::Null);
        let before = base_tokens(&event);
        let after = merge(&before, &event, &response(version, &id, &access, None));
        for (before, after) in both(&before).into_iter().zip(both(&after)) {
            let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
            for name in names {
                let may_go = name.starts_with("dev:") && !after.contains_key(name);
                let may_come = name == "aud" && after.get(name) == Some(&json!("client"));
                if claim_protection(name).is_some() && name != "scope" && !may_go && !may_come {
                    prop_assert_eq!(before.get(name), after.get(name), "{}", name);
                }
            }
        }
    }

    fn what_is_left_out_is_not_there(version in version(), id in change(), access in change()) {
        let event = event(version, &Value::Null);
        let after = merge(&base_tokens(&event), &event, &response(version, &id, &access, None));
        let changes = if version == "1" { vec![id] } else { vec![id, access] };
        for (claims, change) in both(&after).into_iter().zip(&changes) {
            let suppressed = change["claimsToSuppress"].as_array().expect("a list");
            for name in suppressed.iter().filter_map(Value::as_str) {
                if claim_protection(name).is_none() {
                    prop_assert!(!claims.contains_key(name), "{}", name);
                }
            }
            for (name, value) in change["claimsToAddOrOverride"].as_object().expect("claims") {
                if claim_protection(name).is_none() && !suppressed.contains(&json!(name)) {
                    prop_assert_eq!(claims.get(name), Some(value));
                }
            }
        }
    }

    fn groups_stay_when_the_handler_says_nothing_of_them(version in version(), id in change(), access in change()) {
        let event = event(version, &groups());
        let before = base_tokens(&event);
        let mut changes = [id, access];
        for change in &mut changes {
            let suppressed = change["claimsToSuppress"].as_array_mut().expect("a list");
            suppressed.retain(|name| name != "cognito:groups");
        }
        let after = merge(&before, &event, &response(version, &changes[0], &changes[1], None));
        for (before, after) in both(&before).into_iter().zip(both(&after)) {
            for name in ["cognito:groups", "cognito:roles", "cognito:preferred_role"] {
                prop_assert_eq!(before.get(name), after.get(name));
            }
        }
    }

    fn groups_are_replaced_as_a_whole(version in version(), id in change(), named in prop::collection::vec("[a-z]{1,5}", 0..3)) {
        let mut id = id;
        id["claimsToSuppress"] = json!([]);
        let event = event(version, &groups());
        let said = json!({ "groupsToOverride": named });
        let after = merge(&base_tokens(&event), &event, &response(version, &id, &json!({}), Some(&said)));
        for claims in both(&after) {
            let expected = (!named.is_empty()).then(|| json!(named));
            prop_assert_eq!(claims.get("cognito:groups"), expected.as_ref());
            prop_assert!(!claims.contains_key("cognito:roles"));
            prop_assert!(!claims.contains_key("cognito:preferred_role"));
        }
    }

    fn scopes_are_a_set(version in version(), id in change(), access in change()) {
        let event = event(version, &Value::Null);
        let before = base_tokens(&event);
        let after = merge(&before, &event, &response(version, &id, &access, None));
        if version == "1" {
            prop_assert_eq!(before.access.get("scope"), after.access.get("scope"));
            return Ok(());
        }
        let listed = |member: &str| -> BTreeSet<_> {
            access[member].as_array().expect("a list").iter().filter_map(Value::as_str).collect()
        };
        let (added, removed) = (listed("scopesToAdd"), listed("scopesToSuppress"));
        let expected: BTreeSet<_> = scopes(&before.access).union(&added).copied().filter(|scope| !removed.contains(scope)).collect();
        prop_assert_eq!(scopes(&after.access), expected);
        prop_assert!(!before.id.expect("an ID token").contains_key("scope"));
    }

    fn nothing_said_is_nothing_changed(version in version(), other in change()) {
        let event = event(version, &groups());
        let before = base_tokens(&event);
        let wrong = if version == "1" { "2" } else { "1" };
        for response in [json!({}), json!({ "claimsOverrideDetails": null, "claimsAndScopeOverrideDetails": null }),
            response(wrong, &other, &other, Some(&json!({})))] {
            prop_assert_eq!(&merge(&before, &event, &response), &before);
        }
    }

    /// The access token of version 1 differs in its groups alone.
    fn version_one_reaches_the_id_token_alone(id in change()) {
        let event = event("1", &groups());
        let before = base_tokens(&event);
        let after = merge(&before, &event, &response("1", &id, &json!({}), None));
        prop_assert_eq!(before.access, after.access);
    }
}

fn null_groups_are_no_groups() {
    for version in ["1", "2"] {
        let event = event(version, &groups());
        for said in [Value::Null, json!({}), json!({ "groupsToOverride": null })] {
            let response = response(version, &json!({}), &json!({}), Some(&said));
            let after = merge(&base_tokens(&event), &event, &response);
            for claims in both(&after) {
                assert!(!claims.contains_key("cognito:groups"), "{said}");
            }
        }
    }
}

fn to_leave_groups_out_is_to_leave_roles_out() {
    let event = event("1", &groups());
    let change = json!({ "claimsToSuppress": ["cognito:groups"] });
    let after = merge(&base_tokens(&event), &event, &response("1", &change, &json!({}), None));
    let id = after.id.expect("an ID token");
    for name in ["cognito:groups", "cognito:roles", "cognito:preferred_role"] {
        assert!(!id.contains_key(name), "{name}");
    }
    assert!(after.access.contains_key("cognito:groups"), "the access token keeps them");
}

fn a_machine_gets_claims_and_scopes() {
    let mut event = event("3", &Value::Null);
    event["triggerSource"] = json!("TokenGeneration_ClientCredentials");
    event["request"]["scopes"] = json!(["api/read"]);
    let change = json!({ "claimsToAddOrOverride": { "tenant": "acme", "sub": "x" }, "scopesToAdd": ["api/write"] });
    let after =
        merge(&base_tokens(&event), &event, &response("3", &change, &change, Some(&json!({}))));
    assert_eq!(after.id, None);
    assert_eq!(after.access["tenant"], "acme");
    assert_eq!(after.access["sub"], "client");
    assert_eq!(after.access["scope"], "api/read api/write");
}

fn protected_claims_are_told_from_free_ones() {
    let protected =
        ["sub", "username", "cognito:username", "cognito:groups", "scope", "aud", "dev:plan"];
    for (names, expected) in [
        (&protected[..], true),
        (&["email", "custom:tenant", "https://example.com/tenant", "Sub"], false),
    ] {
        for name in names {
            assert_eq!(claim_protection(name).is_some(), expected, "{name}");
        }
    }
}

/// An event with all that tokens are made from.
fn sign_in() -> Value {
    json!({
        "version": "2",
        "triggerSource": "TokenGeneration_HostedAuth",
        "region": "us-east-1",
        "userPoolId": "us-east-1_EXAMPLE",
        "userName": "jane",
        "callerContext": { "clientId": "client" },
        "request": {
            "userAttributes": {
                "sub": "abc",
                "cognito:user_status": "CONFIRMED",
                "email": "jane@example.com",
                "email_verified": "true",
                "phone_number": "+15555550100",
                "custom:level": "3",
                "updated_at": "1700000000",
                "identities": "[{\"userId\":\"1\",\"primary\":true,\"dateCreated\":1,\"issuer\":null}]",
            },
            "groupConfiguration": {
                "groupsToOverride": ["admins"],
                "iamRolesToOverride": [],
                "preferredRole": null,
            },
            "scopes": ["openid"],
        },
    })
}

fn attributes_have_their_types_in_the_id_token() {
    let id = base_tokens(&sign_in()).id.expect("an ID token");
    assert_eq!(id["email_verified"], json!(true));
    assert_eq!(id["custom:level"], json!("3"));
    assert_eq!(id["updated_at"], json!(1_700_000_000));
    assert_eq!(
        id["identities"],
        json!([{ "userId": "1", "primary": "true", "dateCreated": "1", "issuer": null }])
    );
    assert_eq!(id["cognito:groups"], json!(["admins"]));
    assert_eq!(id["iss"], "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_EXAMPLE");
    for absent in ["cognito:user_status", "cognito:roles", "cognito:preferred_role"] {
        assert!(!id.contains_key(absent), "{absent}");
    }
}

fn scopes_limit_what_the_id_token_shows() {
    let with = |scopes: &[&str]| {
        let mut event = sign_in();
        event["request"]["scopes"] = json!(scopes);
        base_tokens(&event).id.expect("an ID token")
    };
    assert!(with(&["openid"]).contains_key("phone_number"));
    let limited = with(&["openid", "email"]);
    assert!(limited.contains_key("email") && limited.contains_key("sub"));
    assert!(!limited.contains_key("phone_number") && !limited.contains_key("custom:level"));
    assert!(with(&["openid", "email", "profile"]).contains_key("custom:level"));
}

fn an_access_token_has_scopes_and_no_attributes() {
    let access = base_tokens(&sign_in()).access;
    assert_eq!(access["scope"], "openid");
    assert_eq!(access["client_id"], "client");
    assert_eq!(access["version"], 2);
    assert!(!access.contains_key("email") && !access.contains_key("aud"));
    let mut event = sign_in();
    event["triggerSource"] = json!("TokenGeneration_Authentication");
    event["request"]["scopes"] = Value::Null;
    let access = base_tokens(&event).access;
    assert_eq!(access["scope"], "aws.cognito.signin.user.admin");
    assert!(!access.contains_key("version"));
}

fn a_machine_has_an_access_token_alone() {
    let mut event = sign_in();
    event["triggerSource"] = json!("TokenGeneration_ClientCredentials");
    event["request"] = json!({ "userAttributes": {}, "groupConfiguration": null,
        "scopes": ["api/read", "api/write"] });
    let tokens = base_tokens(&event);
    assert_eq!(tokens.id, None);
    assert_eq!(tokens.access["scope"], "api/read api/write");
    assert_eq!(tokens.access["sub"], "client");
    assert!(!tokens.access.contains_key("username"));
}
