use super::*;

fn event() -> Value {
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

#[test]
fn attributes_have_their_types_in_the_id_token() {
    let id = base_tokens(&event()).id.expect("an ID token");
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

#[test]
fn scopes_limit_what_the_id_token_shows() {
    let with = |scopes: &[&str]| {
        let mut event = event();
        event["request"]["scopes"] = json!(scopes);
        base_tokens(&event).id.expect("an ID token")
    };
    assert!(with(&["openid"]).contains_key("phone_number"));
    let limited = with(&["openid", "email"]);
    assert!(limited.contains_key("email") && limited.contains_key("sub"));
    assert!(!limited.contains_key("phone_number") && !limited.contains_key("custom:level"));
    assert!(with(&["openid", "email", "profile"]).contains_key("custom:level"));
}

#[test]
fn an_access_token_has_scopes_and_no_attributes() {
    let access = base_tokens(&event()).access;
    assert_eq!(access["scope"], "openid");
    assert_eq!(access["client_id"], "client");
    assert_eq!(access["version"], 2);
    assert!(!access.contains_key("email") && !access.contains_key("aud"));
    let mut event = event();
    event["triggerSource"] = json!("TokenGeneration_Authentication");
    event["request"]["scopes"] = Value::Null;
    let access = base_tokens(&event).access;
    assert_eq!(access["scope"], SELF_SERVICE);
    assert!(!access.contains_key("version"));
}

#[test]
fn a_machine_has_an_access_token_alone() {
    let mut event = event();
    event["triggerSource"] = json!("TokenGeneration_ClientCredentials");
    event["request"] = json!({ "userAttributes": {}, "groupConfiguration": null,
        "scopes": ["api/read", "api/write"] });
    let tokens = base_tokens(&event);
    assert_eq!(tokens.id, None);
    assert_eq!(tokens.access["scope"], "api/read api/write");
    assert_eq!(tokens.access["sub"], "client");
    assert!(!tokens.access.contains_key("username"));
}
