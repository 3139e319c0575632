import { reportHtml } from "./html.ts";
import type { Report } from "./report.ts";

/** The PDF part is loaded when the first one is asked for: it takes half a second that no start should pay. */
export async function renderReport(report: Report, format: "html" | "pdf"): Promise<Buffer> {
	if (format === "html") return Buffer.from(reportHtml(report));
	const { reportPdf } = await import("./pdf.ts");
	return reportPdf(report);
}
