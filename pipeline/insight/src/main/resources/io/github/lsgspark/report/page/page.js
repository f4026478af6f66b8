// Tables that are sorted and searched, and a graph that is moved and asked. Without this file the page shows the same.
'use strict';

const MANY_ROWS = 15;
const CLOSEST = 8;

function element(name, parent, properties = {}) {
  const made = Object.assign(document.createElement(name), properties);
  parent?.append(made);
  return made;
}

/** The number that a cell begins with, such as 57.6 of "57.6 ± 0.4"; NaN for other text. */
function number(text) {
  const found = /^[<>]?\s*([+-]?[\d,]*\.?\d+(e[+-]?\d+)?)/i.exec(text.trim());
  return found ? Number(found[1].replaceAll(',', '')) : NaN;
}

/** Numbers before other text; what is missing comes last, up or down. */
function compare(a, b, direction) {
  const [x, y] = [number(a), number(b)];
  if (Number.isNaN(x) && Number.isNaN(y)) return direction * a.localeCompare(b, undefined, {numeric: true});
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
  return direction * (x - y);
}

function sortable(table) {
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, column) => {
    const button = element('button', null, {type: 'button', textContent: heading.textContent});
    heading.replaceChildren(button);
    button.addEventListener('click', () => {
      const up = heading.getAttribute('aria-sort') !== 'ascending';
      headings.forEach(other => other.removeAttribute('aria-sort'));
      heading.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      const body = table.tBodies[0];
      const text = row => row.cells[column].textContent;
      body.append(...[...body.rows].sort((a, b) => compare(text(a), text(b), up ? 1 : -1)));
    });
  });
  if (table.tBodies[0].rows.length > MANY_ROWS) searchable(table);
}

function searchable(table) {
  const tools = element('div', null, {className: 'tools'});
  table.closest('.scroll').before(tools);
  const label = element('label', tools, {textContent: 'find '});
  const input = element('input', label, {type: 'search'});
  const count = element('output', tools);
  input.addEventListener('input', () => {
    const wanted = input.value.trim().toLowerCase();
    let shown = 0;
    for (const row of table.tBodies[0].rows) {
      row.hidden = !row.textContent.toLowerCase().includes(wanted);
      shown += row.hidden ? 0 : 1;
    }
    count.textContent = wanted ? `${shown} of ${table.tBodies[0].rows.length}` : '';
  });
}

function explorable(place, number) {
  const svg = place.querySelector('svg');
  const whole = svg.viewBox.baseVal;
  const view = {x: 0, y: 0, zoom: 1};
  const nodes = [...svg.querySelectorAll('.node')];
  const lines = [...svg.querySelectorAll('.joins')];
  const name = node => node.querySelector('text').textContent;
  const tools = element('div', null, {className: 'tools'});
  place.prepend(tools);
  const said = element('p', null, {className: 'said'});
  said.setAttribute('role', 'status');
  place.append(said);
  const [width, height] = [whole.width, whole.height];

  function show() {
    view.x = Math.min(Math.max(view.x, 0), width - width / view.zoom);
    view.y = Math.min(Math.max(view.y, 0), height - height / view.zoom);
    svg.setAttribute('viewBox', [view.x, view.y, width / view.zoom, height / view.zoom].join(' '));
    svg.style.setProperty('--shrink', view.zoom ** -0.8);
    svg.style.touchAction = view.zoom > 1 ? 'none' : 'auto';
  }

  /** Zooms about a point of the picture, which stays where it is. */
  function zoom(factor, x = view.x + width / view.zoom / 2, y = view.y + height / view.zoom / 2) {
    const zoom = Math.min(Math.max(view.zoom * factor, 1), 16);
    view.x = x - (x - view.x) * view.zoom / zoom;
    view.y = y - (y - view.y) * view.zoom / zoom;
    view.zoom = zoom;
    show();
  }

  function at(event) {
    const box = svg.getBoundingClientRect();
    return [view.x + (event.clientX - box.left) / box.width * width / view.zoom,
      view.y + (event.clientY - box.top) / box.height * height / view.zoom];
  }

  /** Lights a class, what the graph joins it with, and says so; nothing for null. */
  function look(node) {
    svg.classList.toggle('dim', node !== null);
    svg.querySelectorAll('.lit').forEach(lit => lit.classList.remove('lit'));
    if (node === null) {
      said.textContent = '';
      return;
    }
    node.classList.add('lit');
    const joined = [];
    for (const line of lines) {
      const ends = [line.dataset.from, line.dataset.to];
      if (!ends.includes(node.dataset.node)) continue;
      line.classList.add('lit');
      const other = nodes[Number(ends[0] === node.dataset.node ? ends[1] : ends[0])];
      other.classList.add('lit');
      joined.push([Number(line.dataset.weight), name(other), line.dataset.kind]);
    }
    const best = kind => joined.filter(one => one[2] === kind).sort((a, b) => b[0] - a[0]).slice(0, CLOSEST)
      .map(one => `${one[1]} ${one[0].toFixed(2)}`).join(', ');
    said.textContent = node.querySelector('title').textContent
      + (best('graph') ? `; joined by the graph: ${best('graph')}` : '')
      + (best('text') ? `; similar names: ${best('text')}` : '');
  }

  for (const [text, title, action] of [
    ['+', 'larger', () => zoom(1.5)],
    ['−', 'smaller', () => zoom(1 / 1.5)],
    ['whole', 'the whole graph', () => { look(null); zoom(0); }],
  ]) {
    element('button', tools, {type: 'button', textContent: text, title, onclick: action}).setAttribute('aria-label', title);
  }
  const label = element('label', tools, {textContent: 'find '});
  const input = element('input', label, {type: 'search'});
  const names = element('datalist', tools, {id: `classes-${number}`});
  nodes.forEach(node => element('option', names, {value: name(node)}));
  input.setAttribute('list', names.id);
  const called = wanted => nodes.find(node => name(node).toLowerCase() === wanted) ?? null;

  function find(found) {
    look(found);
    if (found === null) return;
    const [x, y] = [Number(found.dataset.x), Number(found.dataset.y)];
    view.zoom = Math.max(view.zoom, 2.5);
    [view.x, view.y] = [x - width / view.zoom / 2, y - height / view.zoom / 2];
    show();
  }

  // A whole name, chosen from the list or written, is found at once; part of one when it is entered.
  input.addEventListener('input', () => {
    const whole = called(input.value.trim().toLowerCase());
    if (whole) find(whole);
  });
  input.addEventListener('change', () => {
    const wanted = input.value.trim().toLowerCase();
    const part = wanted && nodes.find(node => name(node).toLowerCase().includes(wanted));
    find(called(wanted) ?? (part || null));
    if (wanted && !called(wanted) && !part) said.textContent = `no class ${input.value} in the picture`;
  });

  svg.addEventListener('pointerover', event => {
    const node = event.target.closest('.node');
    if (node) look(node);
  });
  svg.addEventListener('pointerleave', event => {
    if (event.pointerType === 'mouse') look(null);
  });
  svg.addEventListener('dblclick', event => zoom(2, ...at(event)));
  svg.addEventListener('wheel', event => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.25 : 0.8, ...at(event));
  }, {passive: false});
  svg.addEventListener('pointerdown', event => {
    if (view.zoom === 1 || event.button !== 0 || !event.isPrimary) return;
    const start = at(event);
    const drag = new AbortController();
    svg.addEventListener('pointermove', moved => {
      if (moved.pointerId !== event.pointerId) return;
      const [x, y] = at(moved);
      view.x += start[0] - x;
      view.y += start[1] - y;
      show();
    }, {signal: drag.signal});
    for (const end of ['pointerup', 'pointercancel', 'pointerleave']) {
      svg.addEventListener(end, () => drag.abort(), {signal: drag.signal});
    }
  });
}

document.querySelectorAll('table.sortable').forEach(sortable);
document.querySelectorAll('.explore').forEach(explorable);
