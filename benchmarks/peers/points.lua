local function add(a, b) return { a[1] + b[1], a[2] + b[2] } end
local p = { 0, 0 }
for i = 0, 99999 do p = add(p, { 1, i % 3 }) end
return p[1] + p[2]
