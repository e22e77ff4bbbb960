#ifdef __cplusplus
extern "C"
#endif
int words(const char *text);
