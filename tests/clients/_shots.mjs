import { launch, open, findBarriers } from "./directory/browser.mjs";
const { SITE, IMAGE, JOB, OUT } = process.env;
const pages = { image: IMAGE, bands: `${IMAGE}/statistics`, export: `${IMAGE}/exportImage?bbox=-84.4,36.5,-84.1,36.7&size=600,400&format=png32`, form: `${IMAGE}/exportImage`, identify: `${IMAGE}/identify?geometry=-84.2,36.6`, job: JOB, mistake: `${IMAGE}/exportImage?size=0,3` };
const browser = await launch();
for (const [width, height] of [[1360, 900], [360, 740]]) for (const dark of [false, true]) {
  const tab = await open(browser, SITE, { width, height, dark });
  for (const [name, url] of Object.entries(pages)) {
    await tab.page.goto(url);
    await tab.page.waitForLoadState("networkidle");
    await tab.page.waitForTimeout(1200);
    await tab.page.screenshot({ path: `${OUT}${name}-${width}${dark ? "-dark" : ""}.png`, fullPage: true });
    const wide = await tab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const barriers = await findBarriers(tab.page);
    if (wide > 0 || barriers.length) console.log(name, width, dark, "wide", wide, JSON.stringify(barriers).slice(0, 400));
  }
  if (width === 1360 && !dark) {
    await tab.page.goto(IMAGE);
    await tab.page.locator(".maplibregl-canvas").waitFor();
    await tab.page.waitForTimeout(1500);
    await tab.page.locator(".maplibregl-canvas").click({ position: { x: 400, y: 200 } });
    await tab.page.waitForTimeout(800);
    await tab.page.screenshot({ path: `${OUT}click.png` });
  }
  if (tab.problems.length) console.log(tab.problems);
  await tab.close();
}
await browser.close();
