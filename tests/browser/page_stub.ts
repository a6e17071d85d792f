// The little of a page that sentences need: no translations, and its language.
Object.assign(globalThis, { document: { getElementById: () => null, documentElement: { lang: "en" } } });
