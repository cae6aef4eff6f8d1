# SPDX-License-Identifier: BSD-2-Clause
#
# Finds what is wrong in who uses and includes whom: the part of scripts/rooms that looks at the
# files together. Reads lines
#
#	room NAME PLACE : ROOM...
#	library PREFIX : PLACE...
#	folder PLACE
#	file PATH
#	symbol PATH NAME TYPE         as nm -P has it
#	include PATH QUOTE NAME
#
# in this order, where a PLACE is a folder or a file, and prints the violations.

function folder_of(path)
{
	sub(/\/[^\/]*$/, "", path)
	return path
}

# The room of a file: "" if it is in none. A header belongs where the source of its name does.
function room_of(path,    source)
{
	source = path
	sub(/\.h$/, ".c", source)
	return source in room_at ? room_at[source] : room_at[folder_of(path)]
}

function may_use(user, used)
{
	return user == "" || used == "" || user == used || (user, used) in granted
}

# "plan may not use link", for the files of both.
function refusal(user, used)
{
	return room_of(user) " may not use " room_of(used)
}

# A path without "." and "..".
function plain(path,    step, count, kept, i)
{
	count = split(path, step, "/")
	for (i = 1; i <= count; i++) {
		if (step[i] == ".." && kept > 0)
			kept--
		else if (step[i] != ".")
			step[++kept] = step[i]
	}
	path = step[1]
	for (i = 2; i <= kept; i++)
		path = path "/" step[i]
	return path
}

# ---- Symbols -----------------------------------------------------------------------------------

function check_library(user, symbol,    i, k, count, place)
{
	for (i = 1; i <= library_count; i++) {
		if (index(symbol, library[i]) != 1)
			continue
		count = split(library_users[i], place, " ")
		for (k = 1; k <= count; k++)
			if (place[k] == user || place[k] == folder_of(user))
				break
		if (k > count)
			print "library: " user " uses " symbol ", only for " library_users[i]
	}
}

function check_symbol(user, symbol,    count, definer, i)
{
	if (!(symbol in definers)) {
		check_library(user, symbol)
		return
	}
	count = split(definers[symbol], definer, " ")
	for (i = 1; i <= count; i++) {
		if (!((user, definer[i]) in step_symbol)) {
			step_symbol[user, definer[i]] = symbol
			used_by[user] = used_by[user] " " definer[i]
		}
		if (!may_use(room_of(user), room_of(definer[i])))
			print "upwards: " user " uses " symbol " of " definer[i] ": " \
				refusal(user, definer[i])
	}
}

# ---- Circles -----------------------------------------------------------------------------------

# The shortest way from one file to another, both included; "" if there is none.
function way(from, to,    queue, first, last, came_from, count, used, i, path)
{
	came_from[from] = ""
	queue[1] = from
	last = 1
	for (first = 1; first <= last && !(to in came_from); first++) {
		count = split(used_by[queue[first]], used, " ")
		for (i = 1; i <= count; i++) {
			if (used[i] in came_from)
				continue
			came_from[used[i]] = queue[first]
			queue[++last] = used[i]
		}
	}
	if (!(to in came_from))
		return ""
	path = to
	for (to = came_from[to]; to != ""; to = came_from[to])
		path = to " " path
	return path
}

# Tells of a circle, unless each of its steps was in another.
function tell_circle(circle,    member, count, i, after, text, is_new)
{
	count = split(circle, member, " ")
	for (i = 1; i <= count; i++) {
		after = member[i % count + 1]
		if (!((member[i], after) in told))
			is_new = 1
		told[member[i], after] = 1
		text = text (i > 1 ? ", " : "") member[i] " uses " step_symbol[member[i], after] \
			" of " after
	}
	if (is_new)
		print "circle: " text
}

# A step from which a way leads back is in a circle. The shortest circles are told first.
function check_circles(    i, k, count, used, path, circle, circles, size, longest, member)
{
	for (i = 1; i <= file_count; i++) {
		count = split(used_by[file[i]], used, " ")
		for (k = 1; k <= count; k++) {
			path = way(used[k], file[i])
			if (path == "")
				continue
			sub(/[^ ]*$/, "", path) # file[i], to be the first
			circle[++circles] = file[i] " " path
			size[circles] = split(circle[circles], member, " ")
			if (size[circles] > longest)
				longest = size[circles]
		}
	}
	for (k = 2; k <= longest; k++)
		for (i = 1; i <= circles; i++)
			if (size[i] == k)
				tell_circle(circle[i])
}

# ---- Headers -----------------------------------------------------------------------------------

# The file of the tree that is included; "" if it is none.
function header_of(user, quote, name,    path, i)
{
	path = plain(folder_of(user) "/" name)
	if (quote == "\"" && path in is_file)
		return path
	for (i = 1; i <= search_count; i++) {
		path = plain(search[i] "/" name)
		if (path in is_file)
			return path
	}
	return ""
}

function check_include(user, quote, name,    header)
{
	header = header_of(user, quote, name)
	if (header == "" && quote == "\"")
		print "unseen: " user " includes " name ", which is not found"
	else if (header ~ /^src\// && user !~ /^src\//)
		print "private: " user " is public and includes " header
	else if (header ~ /^src\// && !may_use(room_of(user), room_of(header)))
		print "private: " user " includes " header ": " refusal(user, header)
}

# ---- The lines ---------------------------------------------------------------------------------

$1 == "room" {
	room_at[$3] = $2
	for (i = 5; i <= NF; i++) {
		if ($i == "*")
			for (other in stands_above)
				granted[$2, other] = 1
		else if ($i in stands_above)
			granted[$2, $i] = 1
		else
			print "unknown: " $2 " may use " $i ", says the table, but " $i " is not above it"
	}
	stands_above[$2] = 1
}
$1 == "library" {
	library[++library_count] = $2
	for (i = 4; i <= NF; i++)
		library_users[library_count] = library_users[library_count] (i > 4 ? " " : "") $i
}
$1 == "folder" {
	search[++search_count] = $2
}
$1 == "file" {
	file[++file_count] = $2
	is_file[$2] = 1
	if ($2 ~ /^src\// && room_of($2) == "")
		print "unknown: " $2 " is in no room of the table"
}
# The only symbol of an object that link-time optimisation will compile.
$3 == "__gnu_lto_slim" {
	next
}
$1 == "symbol" {
	has_symbols[$2] = 1
}
# w and v are undefined weak symbols; other lower case types are local.
$1 == "symbol" && $4 ~ /^[Uwv]$/ {
	user[++use_count] = $2
	symbol_used[use_count] = $3
}
$1 == "symbol" && $4 ~ /^[ABCDGRSTVWu]$/ {
	definers[$3] = definers[$3] " " $2
}
$1 == "include" {
	check_include($2, $3, $4)
}
END {
	for (i = 1; i <= file_count; i++)
		if (file[i] ~ /\.c$/ && !(file[i] in has_symbols))
			print "unseen: " file[i] " has no symbols in its object"
	for (i = 1; i <= use_count; i++)
		check_symbol(user[i], symbol_used[i])
	check_circles()
}
