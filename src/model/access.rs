//! What a function can be allowed to do with the user pool.

use serde::Deserialize;

/// What a function may do with the user pool: Amplify's `allow.resource(…).to([…])`.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Access {
    /// The name of the function.
    pub resource: String,
    /// What it may do.
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub to: Vec<Action>,
}

macro_rules! actions {
    ($($name:ident => $($iam:literal),+;)+) => {
        /// Something that a function can be allowed to do with the user pool, by Amplify's name.
        ///
        /// Source: `AuthAction` of `@aws-amplify/backend-auth`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[serde(rename_all = "camelCase")]
        pub enum Action {
            $($name,)+
        }

        impl Action {
            /// The actions of IAM, without the `cognito-idp:` before them.
            pub fn iam(self) -> &'static [&'static str] {
                match self {
                    $(Self::$name => &[$($iam),+],)+
                }
            }
        }
    };
}

actions! {
    ManageUsers => "AdminConfirmSignUp", "AdminCreateUser", "AdminDeleteUser",
        "AdminDeleteUserAttributes", "AdminDisableUser", "AdminEnableUser", "AdminGetUser",
        "AdminListGroupsForUser", "AdminRespondToAuthChallenge", "AdminSetUserMFAPreference",
        "AdminSetUserSettings", "AdminUpdateUserAttributes", "AdminUserGlobalSignOut";
    ManageGroupMembership => "AdminAddUserToGroup", "AdminRemoveUserFromGroup";
    ManageGroups => "GetGroup", "ListGroups", "CreateGroup", "DeleteGroup", "UpdateGroup";
    ManageUserDevices => "AdminForgetDevice", "AdminGetDevice", "AdminListDevices",
        "AdminUpdateDeviceStatus";
    ManagePasswordRecovery => "AdminResetUserPassword", "AdminSetUserPassword";
    ManageProviderForUser => "AdminLinkProviderForUser";
    AddUserToGroup => "AdminAddUserToGroup";
    CreateGroup => "CreateGroup";
    CreateUser => "AdminCreateUser";
    DeleteGroup => "DeleteGroup";
    DeleteUser => "AdminDeleteUser";
    DeleteUserAttributes => "AdminDeleteUserAttributes";
    DisableUser => "AdminDisableUser";
    EnableUser => "AdminEnableUser";
    ForgetDevice => "AdminForgetDevice";
    GetDevice => "AdminGetDevice";
    GetGroup => "GetGroup";
    GetUser => "AdminGetUser";
    ListUsers => "ListUsers";
    ListUsersInGroup => "ListUsersInGroup";
    ListGroups => "ListGroups";
    ListDevices => "AdminListDevices";
    ListGroupsForUser => "AdminListGroupsForUser";
    RemoveUserFromGroup => "AdminRemoveUserFromGroup";
    ResetUserPassword => "AdminResetUserPassword";
    SetUserMfaPreference => "AdminSetUserMFAPreference";
    SetUserPassword => "AdminSetUserPassword";
    SetUserSettings => "AdminSetUserSettings";
    UpdateDeviceStatus => "AdminUpdateDeviceStatus";
    UpdateGroup => "UpdateGroup";
    UpdateUserAttributes => "AdminUpdateUserAttributes";
}
