// Why AWS End User Messaging refuses a text: the `Reason` of an exception, or the exception's own name
// where it gives none. Reasons that only other operations give are left out. Source: AWS's service
// model of PinpointSMSVoiceV2 (SendTextMessage), and for the rest the common errors of AWS's APIs,
// https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/CommonErrors.html

import { codeTable } from '../refusal.ts'

export const AWS_CODES = codeTable([
  { class: 'opted_out', codes: ['DESTINATION_PHONE_NUMBER_OPTED_OUT'] },
  // The account's own list of numbers not to be written to: nobody opted out.
  { class: 'unclear', codes: ['DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE'] },
  {
    class: 'provider_config',
    codes: [
      ...['MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT', 'CHANNEL_NOT_ENABLED'],
      ...['AccessDeniedException', 'ResourceNotFoundException', 'ServiceQuotaExceededException'],
      // Signed wrongly, or with a key that is unknown, switched off or not allowed here.
      ...['UnrecognizedClientException', 'InvalidClientTokenId', 'InvalidSignatureException'],
      ...['IncompleteSignature', 'IncompleteSignatureException', 'MissingAuthenticationToken'],
      ...['MissingAuthenticationTokenException', 'ExpiredTokenException', 'OptInRequired'],
      ...['NotAuthorized', 'RequestExpired', 'UnknownOperationException'],
    ],
  },
  {
    // Refused for where the text goes: a blocked country, no sender that may write there, one that is not what it was
    // set up as, and, while the account is in AWS's sandbox, a number that was not verified first.
    class: 'provider_config',
    scope: 'country',
    codes: [
      ...['DESTINATION_COUNTRY_BLOCKED', 'DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION'],
      ...['NO_ORIGINATION_IDENTITIES_FOUND', 'INVALID_IDENTITY_FOR_DESTINATION_COUNTRY'],
      ...['SENDER_ID_NOT_REGISTERED', 'SENDER_ID_NOT_SUPPORTED', 'SENDER_ID_REQUIRES_REGISTRATION'],
      ...['PHONE_NUMBER_NOT_IN_REGISTRATION_REGION', 'PRICE_OVER_THRESHOLD'],
      ...['INTERNATIONAL_SENDING_NOT_SUPPORTED', 'COUNTRY_CODE_MISMATCH', 'INVALID_ARN'],
      ...['MESSAGE_TYPE_MISMATCH', 'NUMBER_CAPABILITIES_MISMATCH'],
      ...['RESOURCE_NOT_ACTIVE', 'RESOURCE_NOT_ACCESSIBLE'],
      'DESTINATION_PHONE_NUMBER_NOT_VERIFIED',
    ],
  },
  {
    class: 'provider_transient',
    codes: [
      ...['ThrottlingException', 'InternalServerException', 'InternalFailure'],
      ...['ServiceUnavailable', 'ServiceUnavailableException'],
    ],
  },
])
