import type { courierFr } from './courier-fr.ts'

export const courierEn: Record<keyof typeof courierFr, string> = {
  cr_seenEnough:
    'Too many residents were shown. Try again at {time}, or ask the conciergerie. Each parcel put in shows more of them.',
  cr_camera: 'Scan the label',
  cr_cameraOff: 'Stop the camera',
  cr_cameraAim: 'Hold the barcode of the label in front of the camera.',
  cr_read: 'Number read off the label.',
  cr_refused: 'The camera is not allowed here. Type the number, or leave it empty.',
  cr_none: 'There is no free camera. Type the number, or leave it empty.',
  'cr_not-loaded': 'The reader could not be loaded. Type the number, or leave it empty.',
  cr_nothing: 'Nothing was read: the camera is off. Try closer, with more light, or type the number.',
  st_make: 'Sticker for the bank',
  st_resident: 'Collecting a parcel?',
  st_residentDo: 'Type your code on the keypad: the box opens. Something wrong? Scan this.',
  st_courier: 'Are you a courier?',
  st_courierDo: 'Scan this to put parcels in or to take them back.',
  st_qr: 'QR code of {address}',
  st_local: 'This address exists on this machine only. Open this page by the address that phones know, then print.',
}
