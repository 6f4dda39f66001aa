HEADERS={}
def page(openapi): return "x"
