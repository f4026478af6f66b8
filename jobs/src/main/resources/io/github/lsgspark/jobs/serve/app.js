"use strict";

const state = document.getElementById("state");
const results = document.getElementById("results");
const drop = document.getElementById("drop");
const input = document.getElementById("files");
let modality = "image";

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function percent(share) {
  return (100 * share).toFixed(1) + " %";
}

function media(source, alternative) {
  const made = document.createElement(modality === "audio" ? "audio" : modality === "video" ? "video" : "img");
  if (made.tagName === "IMG") made.alt = alternative;
  else {
    made.controls = true;
    made.setAttribute("aria-label", alternative);
  }
  if (made.tagName === "IMG" && source.startsWith("blob:")) {
    made.addEventListener("load", () => URL.revokeObjectURL(source));
  }
  made.src = source;
  return made;
}

function probabilities(top) {
  const table = element("table");
  table.append(element("caption", "Most probable classes"));
  const body = table.createTBody();
  for (const guess of top) {
    const row = body.insertRow();
    const name = element("th", guess.label);
    name.scope = "row";
    row.append(name);
    const bar = row.insertCell();
    const meter = element("meter");
    meter.value = guess.probability;
    meter.setAttribute("aria-label", guess.label);
    bar.append(meter);
    row.insertCell().textContent = percent(guess.probability);
  }
  return table;
}

function neighbours(nearest) {
  const list = element("ul", undefined, "near");
  for (const one of nearest) {
    const item = element("li");
    item.append(media("api/samples?id=" + encodeURIComponent(one.id), one.id));
    item.append(element("span", one.label + " (" + one.similarity.toFixed(2) + ")"));
    list.append(item);
  }
  return list;
}

function shown(file, answer) {
  const item = element("li", undefined, "result");
  const left = element("div");
  left.append(element("h2", file.name));
  left.append(media(URL.createObjectURL(file), file.name));
  item.append(left);
  const right = element("div");
  if (answer.error) {
    right.append(element("p", answer.error, "error"));
  } else {
    right.append(element("p", answer.label, "label"));
    if (answer.unlike) right.append(element("p", "Unlike all labelled samples: take the class as a guess.", "unlike"));
    right.append(probabilities(answer.top));
    if (answer.nearest.length) {
      right.append(element("h3", "Labelled samples that are most like it"));
      right.append(neighbours(answer.nearest));
    }
  }
  item.append(right);
  results.prepend(item);
}

async function ask(file) {
  try {
    const response = await fetch("api/predictions", { method: "POST", body: file });
    shown(file, await response.json());
  } catch (failure) {
    shown(file, { error: "no answer: " + failure.message });
  }
}

let waiting = Promise.resolve();

async function look(files) {
  await known;
  let done = 0;
  for (const file of files) {
    state.textContent = "looks at " + file.name + " (" + (done + 1) + " of " + files.length + ")";
    await ask(file);
    done++;
  }
  state.textContent = done + (done === 1 ? " file" : " files") + " looked at";
}

function take(files) {
  if (files.length) waiting = waiting.then(() => look(files));
}

input.addEventListener("change", () => {
  take([...input.files]);
  input.value = "";
});
for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
  // Beside the box, too: a browser would leave the page for the file.
  document.addEventListener(name, event => {
    event.preventDefault();
    drop.classList.toggle("over", name === "dragenter" || name === "dragover");
  });
}
document.addEventListener("drop", event => take([...event.dataTransfer.files]));

const known = fetch("api/model").then(response => response.json()).then(model => {
  modality = model.modality;
  document.getElementById("model").textContent =
    model.labels.length + " classes by " + model.backbone + ": " + model.labels.slice(0, 12).join(", ") +
    (model.labels.length > 12 ? ", …" : "");
}).catch(failure => {
  state.textContent = "no answer: " + failure.message;
});
