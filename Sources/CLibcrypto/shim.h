// The module map names this file, so that OpenSSL's headers are found wherever pkg-config says that they are.
#include <openssl/evp.h>
#include <openssl/hmac.h>
