/** A badge for a parcel, at the counter. */
export const badgeFr = {
  bg_title: 'Ouvrir avec un badge',
  bg_why:
    'La personne présente son badge au casier : la boîte de ce colis s’ouvre, une fois. Son code reste bon aussi.',
  bg_uid: 'Numéro du badge',
  bg_uidHint: 'Posez le badge sur le lecteur, ou recopiez ses 8 à 20 caractères : 0 à 9, A à F. Il n’est pas gardé.',
  bg_give: 'Donner ce badge',
  bg_works: 'Un badge ouvre la boîte de ce colis.',
  bg_soon: 'Un badge est donné ; le casier ne l’a pas encore reçu. Présenté avant, il demande au serveur.',
  bg_takeBack: 'Retirer le badge',
  bg_gone: 'Le badge est retiré. Un casier hors ligne l’apprendra à son prochain contact.',
  'error_badge-odd': 'Ce n’est pas un numéro de badge : 8 à 20 caractères, 0 à 9 et A à F.',
  'error_badge-there': 'Un badge ouvre déjà pour ce colis : retirez-le d’abord.',
} as const
