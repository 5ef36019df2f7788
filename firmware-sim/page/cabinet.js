// @ts-check
/** The bank as it stands in the shop: columns of doors in their real proportions; or the doors of rooms. */

/** @typedef {{ door: number, kind: string, size: string | null, column: number | null, row: number | null, bolt: string, leaf: string, occupied: boolean, jammed: boolean, mode: string, withoutPower: string | null }} Door */

const heights = { S: 8, M: 19, L: 41, XL: 60 }
const gap = 1.6
const tallest = 170

/**
 * Doors where they are said to stand; the others in their order, in as few columns as the tallest allows, about equally full.
 * @param {Door[]} doors
 */
export function inColumns(doors) {
  const placed = doors.filter(each => each.column && each.row)
  const numbers = [...new Set(placed.map(each => each.column))].sort((a, b) => a - b)
  const said = numbers.map(number => {
    const inside = placed.filter(each => each.column === number).sort((a, b) => a.row - b.row)
    return { doors: inside, height: inside.reduce((sum, each) => sum + heightOf(each), 0) }
  })
  return [...said, ...filled(doors.filter(each => !placed.includes(each)))]
}

/** @param {Door} door */
const heightOf = door => (heights[door.size ?? 'M'] ?? heights.M) + gap

/** @param {Door[]} doors */
function filled(doors) {
  const total = doors.reduce((sum, each) => sum + heightOf(each), 0)
  const fewest = Math.max(1, Math.ceil(total / tallest))
  const target = total / fewest
  /** @type {{ doors: Door[], height: number }[]} */
  const columns = []
  for (const door of doors) {
    const column = columns.at(-1)
    const height = heightOf(door)
    // what is left over makes the last one a little taller rather than one more, as on the wall
    const isFull =
      column && (columns.length < fewest ? column.height + height / 2 > target : column.height + height > tallest)
    if (!column || isFull) columns.push({ doors: [door], height })
    else {
      column.doors.push(door)
      column.height += height
    }
  }
  return columns
}

/** @param {string} name @param {string} className */
function make(name, className) {
  const element = document.createElement(name)
  element.className = className
  return element
}

/**
 * Draws the doors anew; called when the device shown changes, not at every change of a door.
 * @param {HTMLElement} place @param {Door[]} doors @param {(door: number) => void} chosen
 */
export function drawDoors(place, doors, chosen) {
  const bank = make('div', 'bank')
  place.replaceChildren(bank)
  const rooms = doors.every(each => each.kind === 'room')
  place.classList.toggle('rooms', rooms)
  const columns = rooms ? doors.map(each => ({ doors: [each], height: 204 })) : inColumns(doors)
  const tall = Math.max(...columns.map(each => each.height))
  for (const { doors: inside, height } of columns) {
    const column = make('div', 'column')
    for (const door of inside) column.append(drawDoor(door, chosen))
    if (!rooms && tall - height > 2) {
      const blank = make('div', 'blank')
      blank.style.setProperty('--height', String(tall - height - gap))
      column.append(blank)
    }
    bank.append(column)
  }
}

/** @param {Door} door @param {(door: number) => void} chosen */
function drawDoor(door, chosen) {
  const button = /** @type {HTMLButtonElement} */ (make('button', `door ${door.kind}`))
  button.type = 'button'
  button.dataset.door = String(door.door)
  if (door.size) {
    button.dataset.size = door.size
    button.style.setProperty('--height', String(heights[door.size] ?? heights.M))
  }
  const cavity = make('span', 'cavity')
  cavity.append(make('span', 'parcel'))
  const leaf = make('span', 'leaf')
  const number = make('span', 'number')
  number.textContent = String(door.door)
  leaf.append(number, make('span', 'lamp'), make('span', 'handle'))
  button.append(cavity, leaf)
  button.addEventListener('click', () => chosen(door.door))
  return button
}

/**
 * Brings every door to its state of now.
 * @param {HTMLElement} place @param {Door[]} doors @param {number | null} chosen @param {(door: Door) => string} say
 */
export function updateDoors(place, doors, chosen, say) {
  for (const door of doors) {
    const button = place.querySelector(`[data-door="${door.door}"]`)
    if (!(button instanceof HTMLElement)) continue
    button.classList.toggle('open', door.leaf === 'open')
    button.classList.toggle('full', door.occupied)
    button.classList.toggle('unlocked', door.bolt === 'unlocked')
    button.classList.toggle('jammed', door.jammed)
    button.dataset.mode = door.mode
    button.setAttribute('aria-label', say(door))
    button.setAttribute('aria-pressed', String(chosen === door.door))
    button.title = say(door)
  }
}
