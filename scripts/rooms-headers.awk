# SPDX-License-Identifier: BSD-2-Clause
#
# Finds headers of more than `lines` lines, and in them structs and unions of more than `fields`
# fields: the part of scripts/rooms that looks at each header by itself. The members of a struct or
# union count as those of the one that it stands in.

# Takes comments, strings and characters out of a line.
function bare(line,    text, mark)
{
	for (;;) {
		if (in_comment) {
			if (!match(line, /\*\//))
				return text
			line = substr(line, RSTART + 2)
			in_comment = 0
		}
		if (!match(line, /"([^"\\]|\\.)*"|'([^'\\]|\\.)*'|\/\*|\/\//))
			return text line
		mark = substr(line, RSTART, 2)
		text = text substr(line, 1, RSTART - 1) " "
		if (mark == "//")
			return text
		line = substr(line, RSTART + RLENGTH)
		in_comment = mark == "/*"
	}
}

function is_record(level)
{
	return kind[level] == "struct" || kind[level] == "union"
}

function check_fields(what, name, count, line)
{
	if (count > fields)
		print "wide: " what " " name " has " count " fields, of " fields " at most: " \
			header ":" line
}

# A statement at this level begins.
function begin()
{
	tokens[depth] = commas[depth] = nested[depth] = 0
	keyword[depth] = ""
}

# A level begins, behind `last`, the token before.
function enter()
{
	depth++
	kind[depth] = "other"
	if (keyword[depth - 1] != "" && last ~ /^[A-Za-z_]/)
		kind[depth] = keyword[depth - 1]
	tag[depth] = last == kind[depth] ? "" : last
	first_line[depth] = FNR
	count[depth] = parens[depth] = 0
	begin()
}

function leave()
{
	if (depth == 0)
		return
	depth--
	tokens[depth] = 0
	if (kind[depth + 1] == "other") {
		begin()
		return
	}
	keyword[depth] = ""
	if (!is_record(depth + 1))
		return
	if (is_record(depth)) {
		count[depth] += count[depth + 1]
		nested[depth] = 1
	}
	if (tag[depth + 1] != "")
		check_fields(kind[depth + 1], tag[depth + 1], count[depth + 1], first_line[depth + 1])
	else if (!is_record(depth))
		unnamed = depth + 1 # until the name that typedef gives it
}

# A statement at this level ends: in a struct it has declared a field, and one more for each comma.
function end_statement()
{
	if (unnamed == depth + 1) {
		check_fields(kind[unnamed], last ~ /^[A-Za-z_]/ ? last : "(unnamed)", \
			count[unnamed], first_line[unnamed])
		unnamed = 0
	}
	if (is_record(depth) && tokens[depth] > 0 && !nested[depth])
		count[depth] += commas[depth] + 1
	begin()
}

function take(token)
{
	if (in_attribute) {
		attribute_parens += (token == "(") - (token == ")")
		in_attribute = attribute_parens > 0
		return
	}
	if (token == "__attribute__" || token ~ /^_?[Ss]tatic_assert$/) {
		in_attribute = 1
		attribute_parens = 0
		return
	}
	if (token == "{") {
		enter()
	} else if (token == "}") {
		leave()
	} else if (token == ";") {
		end_statement()
	} else {
		tokens[depth]++
		if (token == "(" || token == "[")
			parens[depth]++
		else if (token == ")" || token == "]")
			parens[depth]--
		else if (token == "," && parens[depth] == 0)
			commas[depth]++
		else if (token ~ /^(struct|union|enum)$/ && parens[depth] == 0)
			keyword[depth] = token
	}
	last = token
}

function end_header()
{
	if (line_count > lines)
		print "long: " header " has " line_count " lines, of " lines " at most"
}

FNR == 1 {
	end_header()
	header = FILENAME
	depth = parens[0] = in_comment = in_attribute = in_directive = unnamed = 0
	kind[0] = "other"
	last = ""
	begin()
}
{
	line_count = FNR
	text = bare($0)
	was_directive = in_directive
	in_directive = (in_directive || text ~ /^[ \t]*#/) && text ~ /\\$/
	if (was_directive || text ~ /^[ \t]*#/)
		next
	while (match(text, /[A-Za-z_][A-Za-z0-9_]*|[^ \t]/)) {
		take(substr(text, RSTART, RLENGTH))
		text = substr(text, RSTART + RLENGTH)
	}
}
END {
	end_header()
}
