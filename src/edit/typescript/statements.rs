//! Statements behind `defineBackend`, in the text's own style.

use super::source::Source;
use super::{Override, Permission, imports};

/// How statements are written.
pub struct Style<'a> {
    pub unit: &'a str,
    pub quote: char,
    pub end: &'a str,
}

impl<'a> Style<'a> {
    pub fn of(source: &'a Source) -> Self {
        let (quote, end) = imports::style(source);
        Self { unit: source.indent_unit(), quote, end }
    }
}

/// The statements that set the property of `auth` to the function `member`, both in `backend`.
pub fn statements(style: &Style, [backend, auth, member]: [&str; 3], wanted: &Override) -> String {
    let Override { property, version, comment, permission } = wanted;
    let Style { unit, quote, end } = style;
    let mut text = format!(
        "// {comment}\n\
         {backend}.{auth}.resources.cfnResources.cfnUserPool.addPropertyOverride({quote}{property}{quote}, {{\n\
         {unit}LambdaArn: {backend}.{member}.resources.lambda.functionArn,\n\
         {unit}LambdaVersion: {quote}{version}{quote},\n\
         }}){end}"
    );
    if *permission == Permission::Added {
        text += &format!(
            "\n{backend}.{member}.resources.lambda.addPermission({quote}Cognito{quote}, {{\n\
             {unit}principal: new ServicePrincipal({quote}cognito-idp.amazonaws.com{quote}),\n\
             {unit}sourceArn: {backend}.{auth}.resources.userPool.userPoolArn,\n\
             }}){end}"
        );
    }
    text
}
