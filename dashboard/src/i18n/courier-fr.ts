/** The courier's page: the camera, and whom it shows; the sticker of a bank. */
export const courierFr = {
  cr_seenEnough:
    'Trop d’habitants ont été affichés. Réessayez à {time}, ou demandez à la conciergerie. Chaque colis déposé en affiche d’autres.',
  cr_camera: 'Scanner l’étiquette',
  cr_cameraOff: 'Arrêter la caméra',
  cr_cameraAim: 'Tenez le code-barres de l’étiquette devant la caméra.',
  cr_read: 'Numéro lu sur l’étiquette.',
  cr_refused: 'La caméra n’est pas permise ici. Tapez le numéro, ou laissez-le vide.',
  cr_none: 'Il n’y a pas de caméra libre. Tapez le numéro, ou laissez-le vide.',
  'cr_not-loaded': 'La lecture n’a pas pu être chargée. Tapez le numéro, ou laissez-le vide.',
  cr_nothing: 'Rien n’a été lu : la caméra est arrêtée. Essayez plus près, avec plus de lumière, ou tapez le numéro.',
  st_make: 'Étiquette à coller sur le casier',
  st_resident: 'Vous venez chercher un colis ?',
  st_residentDo: 'Tapez votre code sur le clavier : la boîte s’ouvre. Un problème ? Scannez ceci.',
  st_courier: 'Vous êtes livreur ?',
  st_courierDo: 'Scannez ceci pour déposer ou reprendre des colis.',
  st_qr: 'QR code de {address}',
  st_local:
    'Cette adresse n’existe que sur cette machine. Ouvrez cette page par l’adresse que les téléphones connaissent, puis imprimez.',
} as const
