import type { proofFr } from './proof-fr.ts'

export const proofEn: typeof proofFr = {
  pf_download: 'Download the proof',
  pf_fetching: 'Getting it ready…',
  'error_proof-too-large':
    'Too much was recorded about this parcel for one file. The history has all of it: at the desk, the History page shows it and gives it as CSV.',
  pf_verify: 'Verify a proof',
  pf_title: 'Verify the proof of a parcel',
  pf_how: 'Drop the file here, choose it or paste its text. All of it happens in this browser: nothing is sent.',
  pf_file: 'File of the proof',
  pf_text: 'or its text',
  pf_check: 'Verify',
  pf_checking: 'Verifying…',
  pf_insecure: 'This page can only verify at an https:// address: open it there.',
  pf_holds: 'The proof holds.',
  pf_receipt: 'Parcel',
  pf_facts: 'Facts of this parcel',
  pf_others: 'Other facts of the site, between and after them',
  pf_newest: 'Fingerprint of fact no. {n}, the newest',
  pf_each: 'Fingerprint of each fact',
  pf_number: 'no. {n}',
  pf_broken: 'The proof does not hold.',
  pf_unreadable: 'This file could not be read.',
  pf_tooLarge: 'This is too large for a proof: it has {n} million characters at most.',
  pf_notJson: 'This is not the whole text of a proof file.',
  pf_notAProof: 'This is no proof of a parcel: something is missing, or there is too much.',
  pf_altered: 'Fact no. {n} is not as it was written: it or its fingerprint was altered.',
  pf_moved: 'Fact no. {n} is not in its place: something before it is missing or was added.',
  pf_strange: 'Fact no. {n} is no fact of this parcel.',
  pf_between: 'Between facts no. {from} and no. {n} a fingerprint was altered.',
  pf_proves: 'What a proof that holds shows',
  pf_proves1:
    'These facts were written like this and in this order, and nothing in them was changed since: else the fingerprint of the newest fact would be another.',
  pf_proves2: 'In two proofs of the same site, a fact of the same number must have the same fingerprint.',
  pf_not: 'What it does not show',
  pf_not1:
    'That the landlord did not write the whole history anew before giving this file: no fingerprint is published elsewhere. Compare with a proof that somebody else kept from before.',
  pf_not2:
    'That nothing is missing: a fact of the parcel may be among the others, of which only fingerprints are shown.',
  pf_not3: 'That a device told the truth: a sensor may be wrong, a clock may drift.',
  pf_not4: 'Who was there: a proof holds no name, only numbers.',
}
