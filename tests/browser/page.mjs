// The page of a run in a real browser: node page.mjs PAGE FOLDER-FOR-SCREENSHOTS. Needs puppeteer-core, @sparticuz/chromium and axe-core.
import chromium from "@sparticuz/chromium";
import puppeteer from "puppeteer-core";
import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [page_file, folder] = process.argv.slice(2);
const address = pathToFileURL(page_file).href;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
mkdirSync(folder, { recursive: true });
const problems = [];
const due = (holds, words) => {
  if (!holds) problems.push(words);
};

const browser = await puppeteer.launch({
  args: [...chromium.args, "--no-sandbox"],
  executablePath: process.env.CHROME ?? (await chromium.executablePath()),
  headless: "shell",
});

async function open(width, theme, script) {
  const page = await browser.newPage();
  page.on("console", (line) => line.type() === "error" && problems.push(`console: ${line.text()}`));
  page.on("pageerror", (error) => problems.push(`page: ${error}`));
  page.on("request", (request) => due(request.url() === address, `a request leaves the file: ${request.url()}`));
  await page.setJavaScriptEnabled(script);
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
  await page.goto(address, { waitUntil: "load" });
  return page;
}

for (const width of [360, 1280, 2000]) {
  for (const theme of ["light", "dark"]) {
    const page = await open(width, theme, true);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    due(wider <= 0, `${width} px: the page is ${wider} px too wide`);
    await page.screenshot({ path: `${folder}/top-${width}-${theme}.png` });
    await page.evaluate(() => {
      const one = document.querySelector("details.scenario:has(svg)");
      for (const fold of [one, ...one.querySelectorAll("details")]) fold.open = true;
      one.scrollIntoView();
    });
    await page.screenshot({ path: `${folder}/scenario-${width}-${theme}.png` });
    await page.setBypassCSP(true);
    await page.evaluate(axe);
    const found = await page.evaluate(async () => {
      const rules = ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"];
      const { violations } = await window.axe.run(document, { runOnly: rules });
      return violations.map((one) => `${one.id}: ${one.nodes.length} times, first ${one.nodes[0].html.slice(0, 120)}`);
    });
    found.forEach((one) => problems.push(`${width} px, ${theme}: ${one}`));
    await page.close();
  }
}

const page = await open(1280, "light", true);
const shown = () => page.$$eval("details.scenario", (all) => all.filter((one) => one.checkVisibility()).length);
const all = await shown();
await page.type("#words", "deposit");
const some = await shown();
due(some > 0 && some < all, `the filter shows ${some} of ${all}`);
await page.$eval("#words", (field) => (field.value = ""));
await page.click("#filters input[value=pass]");
due((await shown()) < all, "what passed is not left out");
const arrows = await page.$$eval("svg.lanes a", (links) =>
  links.filter((link) => !document.getElementById(link.getAttribute("href").slice(1))).length);
due(arrows === 0, `${arrows} arrows lead nowhere`);
await page.close();

const still = await open(1280, "light", false);
const text = await still.$eval("main", (main) => main.innerText.length);
due(text > 1000, "without script nothing can be read");
await browser.close();
console.log(problems.length === 0 ? `the page is right: ${all} scenarios, six screenshots twice` : problems.join("\n"));
process.exit(problems.length === 0 ? 0 : 1);
