//! Amplify apps in TypeScript to measure in.

/// `amplify/auth/resource.ts` of 1,000 lines, as Prettier breaks them.
pub fn usual_resource() -> String {
    resource(248, |index| {
        format!(
            "    'custom:attribute{index}': {{\n      dataType: 'String',\n      mutable: true,\n    }},\n"
        )
    })
}

/// A user pool with many attributes.
pub fn resource(attributes: usize, attribute: fn(usize) -> String) -> String {
    format!(
        "import {{ defineAuth }} from '@aws-amplify/backend';\n\nexport const auth = defineAuth({{\n  \
         loginWith: {{ email: true }},\n  userAttributes: {{\n{}  }},\n}});\n",
        (0..attributes).map(attribute).collect::<String>()
    )
}
