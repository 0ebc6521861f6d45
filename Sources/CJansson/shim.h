// The module map names this file, so that <jansson.h> is found wherever pkg-config says that it is.
#include <jansson.h>
