/** Methods of the language's own values and of the standard library's objects: never calls into the project. */
export const knownMethods: ReadonlySet<string> = new Set(
	(
		"append extend insert pop remove clear update setdefault popitem add discard sort reverse copy count index get items keys values join split rsplit splitlines " +
		"strip lstrip rstrip upper lower title capitalize swapcase replace startswith endswith find rfind zfill ljust rjust center format encode decode isdigit isalpha " +
		"isalnum isspace isupper islower isnumeric partition rpartition translate casefold expandtabs read readline readlines write writelines close flush seek tell " +
		"execute executemany executescript fetchone fetchall fetchmany commit rollback cursor strftime isoformat date time weekday isoweekday toordinal timetuple " +
		"total_seconds hexdigest digest acquire release start run wait set is_set notify notify_all put get_nowait task_done cancel group groups match search sub findall " +
		"fullmatch send recv sendall shutdown serve_forever server_close handle_request log_message end_headers send_header send_response send_error get_all getheader " +
		"add_argument parse_args info debug warning error exception critical setLevel addHandler union intersection difference symmetric_difference issubset issuperset " +
		"random randint choice shuffle sample seed uniform gauss choices randrange hex to_bytes bit_length as_integer_ratio most_common submit result map"
	).split(" "),
);
