//! What a function can be allowed to do with the user pool.

#[cfg(test)]
use schemars::JsonSchema;
use serde::Deserialize;

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident => $($iam:literal),+;)+) => {
        /// Something that a function can be allowed to do with the user pool, by Amplify's name.
        ///
        /// Source: `AuthAction` of `@aws-amplify/backend-auth`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
        #[cfg_attr(test, derive(JsonSchema))]
        #[serde(rename_all = "camelCase")]
        pub enum Action {
            $($(#[$doc])* $name,)+
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
    /// Create, change, disable and delete users.
    ManageUsers => "AdminConfirmSignUp", "AdminCreateUser", "AdminDeleteUser",
        "AdminDeleteUserAttributes", "AdminDisableUser", "AdminEnableUser", "AdminGetUser",
        "AdminListGroupsForUser", "AdminRespondToAuthChallenge", "AdminSetUserMFAPreference",
        "AdminSetUserSettings", "AdminUpdateUserAttributes", "AdminUserGlobalSignOut";
    /// Add users to groups and remove them.
    ManageGroupMembership => "AdminAddUserToGroup", "AdminRemoveUserFromGroup";
    /// Create, change and delete groups.
    ManageGroups => "GetGroup", "ListGroups", "CreateGroup", "DeleteGroup", "UpdateGroup";
    /// Read, change and forget the devices of users.
    ManageUserDevices => "AdminForgetDevice", "AdminGetDevice", "AdminListDevices",
        "AdminUpdateDeviceStatus";
    /// Reset and set passwords.
    ManagePasswordRecovery => "AdminResetUserPassword", "AdminSetUserPassword";
    /// Link users with identity providers.
    ManageProviderForUser => "AdminLinkProviderForUser";
    /// Add a user to a group.
    AddUserToGroup => "AdminAddUserToGroup";
    /// Create a group.
    CreateGroup => "CreateGroup";
    /// Create a user.
    CreateUser => "AdminCreateUser";
    /// Delete a group.
    DeleteGroup => "DeleteGroup";
    /// Delete a user.
    DeleteUser => "AdminDeleteUser";
    /// Delete attributes of a user.
    DeleteUserAttributes => "AdminDeleteUserAttributes";
    /// Disable a user.
    DisableUser => "AdminDisableUser";
    /// Enable a user.
    EnableUser => "AdminEnableUser";
    /// Forget a device of a user.
    ForgetDevice => "AdminForgetDevice";
    /// Read a device of a user.
    GetDevice => "AdminGetDevice";
    /// Read a group.
    GetGroup => "GetGroup";
    /// Read a user.
    GetUser => "AdminGetUser";
    /// List users.
    ListUsers => "ListUsers";
    /// List the users of a group.
    ListUsersInGroup => "ListUsersInGroup";
    /// List groups.
    ListGroups => "ListGroups";
    /// List the devices of a user.
    ListDevices => "AdminListDevices";
    /// List the groups of a user.
    ListGroupsForUser => "AdminListGroupsForUser";
    /// Remove a user from a group.
    RemoveUserFromGroup => "AdminRemoveUserFromGroup";
    /// Reset a user's password.
    ResetUserPassword => "AdminResetUserPassword";
    /// Set a user's second factor.
    SetUserMfaPreference => "AdminSetUserMFAPreference";
    /// Set a user's password.
    SetUserPassword => "AdminSetUserPassword";
    /// Set a user's settings.
    SetUserSettings => "AdminSetUserSettings";
    /// Change the state of a device.
    UpdateDeviceStatus => "AdminUpdateDeviceStatus";
    /// Change a group.
    UpdateGroup => "UpdateGroup";
    /// Change attributes of a user.
    UpdateUserAttributes => "AdminUpdateUserAttributes";
}
