/**
 * What every host of the screen sends along: the HTTP server of the core and the `app://` protocol of the desktop. One constant,
 * so that a page which is safe in the browser is as safe in the window.
 */

/** Of our own: makes the addresses of workers (`renderer/adapters/trusted-worker.ts`). */
export const workerPolicy = "phoenix-worker";

/** Whoever may make texts that the page treats as code. Everything after the first belongs to Monaco. */
const trustedTypes = [
	workerPolicy,
	"defaultWorkerFactory",
	"diffEditorWidget",
	"diffReview",
	"domLineBreaksComputer",
	"dompurify",
	"editorGhostText",
	"editorViewLayer",
	"richScreenReaderContent",
	"standaloneColorizer",
	"stickyScrollViewLayer",
	"tokenizeToString",
];

/** No inline script, no eval, nothing of another origin. Monaco sets style attributes, which is all that `unsafe-inline` is for. */
export const contentSecurityPolicy = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self' 'unsafe-inline'",
	"img-src 'self' data: blob:",
	"font-src 'self'",
	"worker-src 'self'",
	"connect-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
	"require-trusted-types-for 'script'",
	`trusted-types ${trustedTypes.join(" ")}`,
].join("; ");

export const screenHeaders: Readonly<Record<string, string>> = {
	"Content-Security-Policy": contentSecurityPolicy,
	"X-Content-Type-Options": "nosniff",
	"Referrer-Policy": "no-referrer",
	"Cross-Origin-Opener-Policy": "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
};
