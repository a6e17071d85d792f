// `import url from "static:NAME"` is the URL of the static file NAME (build/static_urls.ts).
declare module "static:*" {
  const url: string;
  export default url;
}
