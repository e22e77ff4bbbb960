#include "words.h"
#include <set>
#include <sstream>
#include <string>

int words(const char *text) {
	std::istringstream stream(text);
	std::set<std::string> seen;
	for (std::string word; stream >> word;) seen.insert(word);
	return static_cast<int>(seen.size());
}
