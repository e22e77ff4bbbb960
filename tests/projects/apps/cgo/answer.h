long number(const char *text);
