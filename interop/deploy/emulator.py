"""Serves ministack, an emulator of AWS that runs functions as processes, on a port of the system's
choice, with what it gets wrong put right. Prints the endpoint.
"""

import asyncio
import json
import os
import socket

from hypercorn.asyncio import serve
from hypercorn.config import Config


def find_groups_of_v2(cognito):
    """Groups of V2_0 and V3_0 are beside the sections of the tokens; ministack looks inside them."""
    extract = cognito._extract_trigger_response

    def extract_with_groups(payload):
        response = extract(payload)
        details = (response or {}).get("claimsAndScopeOverrideDetails")
        if details:
            groups = {"groupOverrideDetails": details.get("groupOverrideDetails")}
            for section in ["idTokenGeneration", "accessTokenGeneration"]:
                details[section] = (details.get(section) or {}) | groups
        return response

    cognito._extract_trigger_response = extract_with_groups


def verify_address_at_sign_up(cognito):
    """Who confirms the sign-up has the address that the code went to; ministack does not say so."""
    confirm = cognito._confirm_sign_up

    def confirm_and_verify(request):
        reply = confirm(request)
        pool, _ = cognito._pool_for_client(request["ClientId"])
        user, _ = cognito._resolve_user(pool, request["Username"])
        user["Attributes"].append({"Name": "email_verified", "Value": "true"})
        return reply

    cognito._confirm_sign_up = confirm_and_verify


def add_identity_providers(cognito, resource_handlers):
    """Cognito has them in ministack, CloudFormation does not."""

    def create(_, properties, __):
        status, _, body = cognito._create_identity_provider(properties)
        if status != 200:
            raise ValueError(json.loads(body)["message"])
        return properties["ProviderName"], {}

    def delete(_, properties):
        cognito._delete_identity_provider(properties)

    kind = "AWS::Cognito::UserPoolIdentityProvider"
    resource_handlers[kind] = {"create": create, "delete": delete}


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    os.environ["GATEWAY_PORT"] = str(port)
    from ministack.app import app
    from ministack.services import cognito
    from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS

    find_groups_of_v2(cognito)
    verify_address_at_sign_up(cognito)
    add_identity_providers(cognito, _RESOURCE_HANDLERS)
    print(f"http://127.0.0.1:{port}", flush=True)
    asyncio.run(serve(app, Config.from_mapping(bind=f"fd://{listener.fileno()}")))


main()
