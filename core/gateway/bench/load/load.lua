-- wrk's script: METHOD and BYTES come behind `--` on the command line; one JSON line at the end. Latencies in microseconds.
function init(args)
	wrk.method = args[1]
	local bytes = tonumber(args[2])
	if bytes > 0 then
		wrk.headers["Content-Type"] = "application/octet-stream"
		wrk.body = string.rep("x", bytes)
	end
	request = (function(whole)
		return function()
			return whole
		end
	end)(wrk.format())
end

function done(summary, latency)
	local e = summary.errors
	io.write(string.format(
		'\n{"requests":%d,"micros":%d,"status":%d,"connect":%d,"read":%d,"write":%d,"timeout":%d,"p50":%d,"p99":%d,"max":%d}\n',
		summary.requests, summary.duration, e.status, e.connect, e.read, e.write, e.timeout,
		latency:percentile(50), latency:percentile(99), latency.max
	))
end
