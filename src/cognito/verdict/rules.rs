//! The rules of verdicts, each with what proves it.
//!
//! `docs/verdicts.md` is made from this table.

use serde::{Serialize, Serializer};

/// What Cognito does with an answer that breaks a rule, as far as that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleEffect {
    /// It rejects the answer.
    Rejects,
    /// It accepts the answer, which may not do what its author meant.
    Accepts,
}

/// What proves a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// AWS documents it.
    Documented,
    /// Users of Cognito have reported it.
    Reported,
    /// It follows from something else, and nobody has confirmed it.
    Inferred,
}

/// What is known of a rule.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// Its name in output.
    pub name: &'static str,
    /// What Cognito does.
    pub effect: RuleEffect,
    /// What proves it.
    pub evidence: Evidence,
    /// Where the evidence is.
    pub source: &'static str,
    /// When it is broken, and what follows.
    pub summary: &'static str,
}

macro_rules! rules {
    ($($rule:ident $name:literal: $effect:ident, $evidence:ident $source:expr, $summary:literal;)*) => {
        /// A rule of Cognito about what a trigger answers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the table has a summary of each")]
        pub enum Rule { $($rule),* }

        impl Rule {
            /// All rules, by name.
            pub const ALL: &[Self] = &[$(Self::$rule),*];

            /// What is known of it.
            pub const fn facts(self) -> Facts {
                let (name, effect, evidence, source, summary) = match self {
                    $(Self::$rule =>
                        ($name, RuleEffect::$effect, Evidence::$evidence, $source, $summary)),*
                };
                Facts { name, effect, evidence, source, summary }
            }
        }
    };
}

/// Pages of the Cognito developer guide.
const TRIGGERS: &str = "guide: Customizing user pool workflows with Lambda triggers";
const SIGN_UP: &str = "guide: Pre sign-up Lambda trigger";
const MIGRATION: &str = "guide: Migrate user Lambda trigger";
const FEDERATION: &str = "guide: Inbound federation Lambda trigger";
const MESSAGE: &str = "guide: Custom message Lambda trigger";
const DEFINE: &str = "guide: Define auth challenge Lambda trigger";
const CREATE: &str = "guide: Create auth challenge Lambda trigger";
const TOKENS: &str = "guide: Pre token generation Lambda trigger";

rules! {
    AddedAndSuppressed "added-and-suppressed": Accepts, Documented TOKENS,
        "a claim is both added and suppressed: it is suppressed";
    AdminCreateUser "admin-create-user": Accepts, Documented SIGN_UP,
        "a flag is set for a user whom an administrator creates: it is ignored";
    AnswerMissing "answer-missing": Rejects, Inferred "that it must be a boolean",
        "`answerCorrect` is null or absent";
    AttributeTooLong "attribute-too-long": Rejects, Documented FEDERATION,
        "an attribute is longer than 2048 characters";
    AttributesLost "attributes-lost": Accepts, Documented FEDERATION,
        "a map that is not empty replaces the profile: attributes that it lacks are dropped";
    AttributesMissing "attributes-missing": Rejects, Documented MIGRATION,
        "`userAttributes` is empty";
    ChallengeUnknown "challenge-unknown": Accepts, Documented DEFINE,
        "the guide has no challenge of that name";
    ClaimTooComplex "claim-too-complex": Rejects, Documented TOKENS,
        "an array or an object for one of four claims of the ID token that must be plain values";
    ClaimUndocumented "claim-undocumented": Accepts, Inferred "the guide's list of types",
        "a claim is null, or an array that has null, arrays or objects";
    CodeForLink "code-for-link": Accepts, Reported "amazon-cognito-identity-js#521",
        "an e-mail has a code where the pool verifies by link: Cognito puts the link there";
    EmailNeedsSes "email-needs-ses": Accepts, Documented MESSAGE,
        "custom e-mail texts in a pool that does not send with Amazon SES; the guide says that they \
         are rejected, and pools that accept them are known";
    ErrorShowsInternals "error-shows-internals": Accepts, Documented TRIGGERS,
        "the text of an error, which the user reads, says how the handler is made";
    EventChanged "event-changed": Accepts, Inferred "aws-lambda-dotnet, one report of a rejection",
        "the reply differs from the event outside `response`: that is ignored, or the reply is rejected";
    FailAndChallenge "fail-and-challenge": Rejects, Inferred DEFINE,
        "`failAuthentication` is true, and a challenge is named";
    GroupsDropped "groups-dropped": Accepts, Inferred TOKENS,
        "`groupOverrideDetails` has no `groupsToOverride`, or an empty one: all groups are lost";
    GroupsLost "groups-lost": Accepts, Documented TOKENS,
        "`groupOverrideDetails` replaces all groups: those that it lacks are lost, with null or `{}` all";
    HandlerError "handler-error": Rejects, Documented TRIGGERS,
        "the handler returned an error or ended";
    KeyCase "key-case": Rejects, Reported "handlers in .NET, whose members are in PascalCase",
        "a member is spelled in another case";
    KeyMissing "key-missing": Rejects, Documented TRIGGERS,
        "the reply lacks a member of the event";
    KeyUnknown "key-unknown": Accepts, Inferred "AWS does not list it",
        "`response` has a member that Cognito does not read";
    LengthUnclear "length-unclear": Rejects, Inferred "strings of Java are counted in UTF-16",
        "a text has the right length in characters, and not in UTF-16 units";
    LinkForCode "link-for-code": Accepts, Inferred "amplify-js#2777: only sign-up has links",
        "an e-mail has only a link where Cognito sends a code";
    MigrationKeyMissing "migration-key-missing": Rejects, Inferred "the rule of the other triggers",
        "a reply to user migration has a `response`, but lacks another member of the event; one \
         report says that this works";
    NoAttributes "no-attributes": Accepts, Documented MIGRATION,
        "an empty response: no user is created, and the app gets the same as for an unknown user";
    NoOutcome "no-outcome": Rejects, Inferred DEFINE,
        "neither tokens, nor failure, nor a challenge";
    NotForMachines "not-for-machines": Accepts, Documented TOKENS,
        "ID token or groups for a machine, which has neither: nothing changes";
    NothingVerified "nothing-verified": Accepts, Documented MIGRATION,
        "a user who forgot the password has no verified address: no code can be sent";
    OtherUsername "other-username": Accepts, Documented MIGRATION,
        "the user gets another name than the one that was typed";
    PlaceholderMissing "placeholder-missing": Rejects, Documented MESSAGE,
        "a text lacks the placeholder of the code, or that of the user name in an invitation";
    ReplyNotJson "reply-not-json": Rejects, Reported "amplify-cli#2735",
        "the reply is null, empty or not JSON";
    ReplyNotObject "reply-not-object": Rejects, Documented TRIGGERS,
        "the reply is JSON, and not an object";
    ReservedClaim "reserved-claim": Accepts, Documented TOKENS,
        "a claim that belongs to Cognito is added or suppressed: it stays as it was; some report \
         that no token is issued";
    ResponseMissing "response-missing": Rejects, Documented TRIGGERS,
        "the reply has no `response`";
    ResponseNull "response-null": Rejects, Inferred "that it must be an object",
        "`response` is null";
    ResponseType "response-type": Rejects, Reported "hasura/graphql-engine#1176 and others",
        "`response` is not an object";
    ScopeAddedAndSuppressed "scope-added-and-suppressed": Accepts, Inferred "the rule for claims",
        "a scope is both added and suppressed";
    ScopeBlank "scope-blank": Rejects, Documented TOKENS,
        "a scope is empty or has blanks";
    SecretInPublic "secret-in-public": Accepts, Documented CREATE,
        "a public parameter, which the client sees, has the value of a private one";
    SelfServiceLost "self-service-lost": Accepts, Documented TOKENS,
        "without the scope `aws.cognito.signin.user.admin` the user cannot change their own profile";
    SubReturned "sub-returned": Rejects, Reported "boto3#2747",
        "user migration returns `sub`";
    TextCharacter "text-character": Rejects, Reported "aws-lambda-go#330",
        "a text has a character that the pattern of the API does not allow";
    TextLength "text-length": Rejects, Documented "API: `EmailVerificationMessageType` and others",
        "a text is too short or too long";
    TokensAndChallenge "tokens-and-challenge": Rejects, Inferred DEFINE,
        "`issueTokens` is true, and a challenge is named";
    TokensAndFail "tokens-and-fail": Rejects, Inferred DEFINE,
        "both `issueTokens` and `failAuthentication` are true";
    TokensForNobody "tokens-for-nobody": Rejects, Inferred "there is nobody to issue tokens to",
        "`issueTokens` is true for a user who does not exist";
    TokensWithoutChallenge "tokens-without-challenge": Accepts, Documented DEFINE,
        "`issueTokens` is true, and the last challenge of the session proves nothing";
    TooLate "too-late": Rejects, Documented TRIGGERS,
        "no answer within 5 seconds";
    TooLateMessage "too-late-message": Accepts, Reported "amazon-cognito-identity-js#517",
        "no answer to a custom message within 5 seconds: one user reports that Cognito sends its own \
         text";
    ValueNotString "value-not-string": Rejects, Documented "guide: each trigger's response parameters",
        "a value in a map of strings is not a string";
    ValueType "value-type": Rejects, Reported "hasura/graphql-engine#1176 and others",
        "a member of `response` has another type";
    ValueUnknown "value-unknown": Rejects, Inferred MIGRATION,
        "user migration returns a status, an action or a medium that the guide does not list";
    VerifyWithoutAttribute "verify-without-attribute": Rejects, Documented SIGN_UP,
        "auto-verification of an address that the user does not have";
    VerifyWithoutConfirm "verify-without-confirm": Rejects, Reported "aws-sdk-java#1049",
        "auto-verification of a user who is not confirmed automatically";
    WrongAudience "wrong-audience": Rejects, Documented TOKENS,
        "`aud` of an access token is not the app client";
    WrongContainer "wrong-container": Accepts, Inferred TOKENS,
        "the response has the member of another event version: nothing in it is applied";
}

/// What Cognito does with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It accepts the answer.
    Accepted,
    /// It accepts the answer, which may not do what its author meant; or it may reject it, and that
    /// is only inferred.
    AcceptedWithWarnings,
    /// It rejects the answer, or there was none.
    Rejected,
}

impl Rule {
    /// What becomes of an answer that breaks the rule. What is only inferred rejects nothing.
    pub fn outcome(self) -> Outcome {
        match self.facts() {
            Facts { effect: RuleEffect::Accepts, .. }
            | Facts { evidence: Evidence::Inferred, .. } => Outcome::AcceptedWithWarnings,
            _ => Outcome::Rejected,
        }
    }

    /// What is not proven of a rule that is only inferred.
    pub fn unproven(self) -> &'static str {
        match self.facts().effect {
            RuleEffect::Rejects => "Cognito may reject this; AWS does not document it",
            RuleEffect::Accepts => "AWS does not document what Cognito does",
        }
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.facts().name)
    }
}
