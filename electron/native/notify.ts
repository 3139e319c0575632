import { Notification } from "electron";

/** Says it where the system has a place for it. */
export function notify(body: string): void {
	if (Notification.isSupported()) new Notification({ title: "Phoenix Engine", body }).show();
}
