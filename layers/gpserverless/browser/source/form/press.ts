// The time while a pointer is pressed: what moves the page then lets the click miss its button.

let isPressed = false;
let waiting: (() => void)[] = [];

document.addEventListener("pointerdown", () => (isPressed = true), true);
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => {
    isPressed = false;
    setTimeout(flush); // the click comes first
  }, true);
}

/** Call back now, or as soon as no pointer is pressed. */
export function afterPress(callback: () => void): void {
  if (isPressed) waiting.push(callback);
  else callback();
}

function flush(): void {
  const callbacks = waiting;
  waiting = [];
  callbacks.forEach((callback) => callback());
}
