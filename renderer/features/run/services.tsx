import { HeartCrack, HeartPulse } from "lucide-react";
import { useEngine } from "../../app/context.tsx";
import { shortName } from "../../ui/index.ts";
import styles from "./run.module.css";

export function Services() {
	const services = useEngine((state) => state.snapshot?.services);
	if (services === undefined || services.length === 0) return null;
	return (
		<section aria-label="New services" className={styles.box}>
			<h2>New services</h2>
			<table className={styles.services}>
				<thead>
					<tr>
						<th scope="col">Service</th>
						<th scope="col">Role</th>
						<th scope="col">Process</th>
						<th scope="col">Port</th>
						<th scope="col">Healthy</th>
					</tr>
				</thead>
				<tbody>
					{services.map((service) => (
						<tr key={`${service.function} ${service.version} ${service.role} ${service.pid}`}>
							<th scope="row">
								{shortName(service.function)} v{service.version}
							</th>
							<td>{service.role}</td>
							<td>{service.pid}</td>
							<td>{service.port}</td>
							<td>
								{service.healthy ? (
									<HeartPulse size={14} className={styles.good} aria-hidden="true" />
								) : (
									<HeartCrack size={14} className={styles.bad} aria-hidden="true" />
								)}{" "}
								{service.healthy ? "yes" : "no"}
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}
