/** Who saw a resident's name, as that resident reads it. */
export const privacyFr = {
  lk_title: 'Qui a vu mon nom',
  lk_why: 'Chaque fois que quelqu’un qui travaille ici voit votre nom, c’est noté ici, pendant un an.',
  lk_none: 'Personne jusqu’ici.',
  lk_when: 'Le {when},',
  lk_because: 'Raison donnée :',
  lk_room: '{who} a demandé qui vient dans « {room} ».',
  lk_export: '{who} a pris le fichier de tous les habitants.',
  lk_list: '{who} a vu votre nom dans la liste des habitants.',
  lk_sheet: '{who} a ouvert votre fiche.',
  lk_counter: '{who} a cherché un colis à votre nom.',
  lk_by_landlord: 'le bailleur',
  lk_by_caretaker: 'un gardien',
  lk_by_volunteer: 'un bénévole',
  lk_by_technician: 'un technicien',
}
